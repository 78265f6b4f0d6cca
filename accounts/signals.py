"""What allauth tells us, on its way into the audit trail. Only allauth speaks by signals here."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from accounts.audit import Event, record, record_failure
from accounts.models import Member
from accounts.sessions import BEGAN, SEEN

_ADDED = {
    Authenticator.Type.WEBAUTHN: Event.PASSKEY_ADDED,
    Authenticator.Type.TOTP: Event.APP_ADDED,
    Authenticator.Type.RECOVERY_CODES: Event.CODES_MADE,
}
_REMOVED = {
    Authenticator.Type.WEBAUTHN: Event.PASSKEY_REMOVED,
    Authenticator.Type.TOTP: Event.APP_REMOVED,
    Authenticator.Type.RECOVERY_CODES: Event.CODES_REMOVED,
}


def connect() -> None:
    """Called once, when the app is ready."""
    account.user_signed_up.connect(_plain(Event.SIGNED_UP), weak=False)
    account.user_logged_in.connect(_signed_in)
    account.password_set.connect(_plain(Event.PASSWORD_SET), weak=False)
    account.password_changed.connect(_plain(Event.PASSWORD_CHANGED), weak=False)
    account.password_reset.connect(_plain(Event.PASSWORD_RESET), weak=False)
    account.email_confirmed.connect(_confirmed)
    account.email_changed.connect(_address_changed)
    mfa.authenticator_added.connect(_authenticator_added)
    mfa.authenticator_removed.connect(_authenticator_removed)
    mfa.authenticator_reset.connect(_authenticator_added)
    mfa.authentication_failed.connect(_second_step_failed)
    user_login_failed.connect(_sign_in_failed)


def _plain(event: Event) -> Any:
    def note(request: HttpRequest, user: Member, **_kwargs: Any) -> None:
        record(user, event, timezone.now(), request=request)

    return note


def _signed_in(request: HttpRequest, user: Member, **_kwargs: Any) -> None:
    now = timezone.now()
    request.session[SEEN] = request.session[BEGAN] = int(now.timestamp())
    record(user, Event.SIGNED_IN, now, request=request)


def _confirmed(request: HttpRequest, email_address: Any, **_kwargs: Any) -> None:
    event, detail = Event.ADDRESS_CONFIRMED, email_address.email
    record(email_address.user, event, timezone.now(), request=request, detail=detail)


def _address_changed(
    request: HttpRequest,
    user: Member,
    from_email_address: Any,
    to_email_address: Any,
    **_kwargs: Any,
) -> None:
    before = from_email_address.email if from_email_address else ""
    detail = f"{before} → {to_email_address.email}"
    record(user, Event.ADDRESS_CHANGED, timezone.now(), request=request, detail=detail)


def _authenticator_added(
    request: HttpRequest, user: Member, authenticator: Authenticator, **_kwargs: Any
) -> None:
    event = _ADDED[authenticator.type]
    record(user, event, timezone.now(), request=request, detail=_name_of(authenticator))


def _authenticator_removed(
    request: HttpRequest, user: Member, authenticator: Authenticator, **_kwargs: Any
) -> None:
    event = _REMOVED[authenticator.type]
    record(user, event, timezone.now(), request=request, detail=_name_of(authenticator))


def _name_of(authenticator: Authenticator) -> str:
    is_passkey = authenticator.type == Authenticator.Type.WEBAUTHN
    return str(authenticator.wrap().name) if is_passkey else ""


def _second_step_failed(request: HttpRequest, user: Member, **_kwargs: Any) -> None:
    record_failure(user, timezone.now(), request)


def _sign_in_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any
) -> None:
    """Whoever it was, they knew an address of a member; others leave no trace."""
    member = Member.objects.filter(email__iexact=credentials.get("email") or "").first()
    if member is not None:
        record_failure(member, timezone.now(), request)
