"""Stories about a member that touch several rows or several apps."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import registration
from accounts.audit import forgetting
from accounts.models import Member
from accounts.operator_models import StaffAct
from accounts.personal_data_contract import ReachesOut, providers
from accounts.staff import note

# How long an address may stay unconfirmed before its sign-up is forgotten.
UNCONFIRMED_FOR = timedelta(hours=24)


def register(*, email: str, name: str, password: str, now: datetime) -> Member:
    """Create a member whose address counts as confirmed, e.g. from a command."""
    with transaction.atomic():
        member = Member.objects.create_user(
            email, password, name=name, joined_at=now, age_stated_at=now
        )
        EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    return member


def register_operator(*, email: str, name: str, password: str, now: datetime) -> Member:
    """Create a member who is an operator, and put it on record."""
    with transaction.atomic():
        member = register(email=email, name=name, password=password, now=now)
        member.is_staff = True
        member.save(update_fields=["is_staff"])
        note(member, StaffAct.What.MADE_STAFF, now, on=member)
    return member


def export_member(member: Member, now: datetime) -> dict[str, object]:
    """Everything every app holds about the member, keyed by the app's part."""
    parts = {provider.name: provider.export(member) for provider in providers()}
    return {"exported_at": now, **parts}


def erase_member(member: Member, now: datetime) -> None:
    """Forget the member in every app, the account itself last.

    Not one transaction: apps revoke tokens at other servers. If one fails, the account is still
    there and the member can ask again.
    """
    for provider in reversed(providers()):
        provider.erase(member, now)


def settle_after_reset(member: Member, now: datetime) -> None:
    """After a reset through a mailed link: end all sessions; let the owner in, and nobody else.

    The link proves the address. If nobody had proved it before, whoever signed up may have been
    somebody else (pre-hijack): passkeys and codes set up until now go, keys and links end, and
    networks wait for consent again. Passkeys go as well where one was the only way in, with no
    codes beside it: who resets has lost it, and would be asked for it for ever. A second factor
    that the member chose has codes, and stays.
    """
    for session in UserSession.objects.filter(user=member):
        session.end()
    ways = Authenticator.objects.filter(user=member)
    was_proved = EmailAddress.objects.filter(user=member, verified=True).exists()
    if not was_proved or not ways.exclude(type=Authenticator.Type.WEBAUTHN).exists():
        ways.delete()
    if not was_proved:
        EmailAddress.objects.filter(user=member).exclude(email__iexact=member.email).delete()
        EmailAddress.objects.update_or_create(
            user=member, email=member.email.lower(), defaults={"verified": True, "primary": True}
        )
        for provider in providers():
            if isinstance(provider, ReachesOut):
                provider.withdraw(member, now)


def forget_unconfirmed(now: datetime) -> None:
    """Delete sign-ups of which nobody proved the address; nobody ever signed in to them.

    Members made by a command are not sign-ups: those have said nothing about their age.
    """
    unproved = Member.objects.filter(
        age_stated_at__lt=now - UNCONFIRMED_FOR, last_login__isnull=True
    ).exclude(emailaddress__verified=True)
    with forgetting():
        registration.release_unconfirmed(unproved)
        unproved.delete()


def forget_ended_sessions() -> None:
    """Delete sessions that ran out, and where they came from."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
