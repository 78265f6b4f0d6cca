"""Where allauth asks us how this product does things."""

import logging
from smtplib import SMTPException
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit, urlunsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from accounts import registration
from accounts.models import Member
from accounts.second_factors import sealer, unsealed

logger = logging.getLogger(__name__)

# RFC 5321, 4.5.3.1.3: a path has at most 256 characters, its brackets included.
ADDRESS_MAX_LENGTH = 254


class MemberAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _("This address and this password do not belong together."),
        "email_taken": _(
            "This address belongs to another account. If nobody has confirmed that "
            "one, it is forgotten within a day; try again then."
        ),
        "enter_current_password": _("Type your present password."),
        "incorrect_code": _("This code is not right. It may have expired."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link has been used or has expired. Ask for a new one."),
        "too_many_login_attempts": _("Too many tries for now. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries for now. Wait a minute, then try again."),
        "same_as_current": _("The new one must differ from the present one."),
    }

    def get_login_stages(self) -> list[str]:
        ours = {
            "allauth.account.stages.EmailVerificationStage": "accounts.stages.ConfirmAddressStage"
        }
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def clean_email(self, email: str) -> str:
        if len(email) > ADDRESS_MAX_LENGTH:
            raise ValidationError(_("No address is that long. Please check it."))
        return email

    def save_user(
        self, request: HttpRequest, user: Member, form: BaseForm, commit: bool = True
    ) -> Member:
        user.name = form.cleaned_data["name"]
        user.age_stated_at = timezone.now()
        super().save_user(request, user, form, commit)
        registration.admit(request, user, timezone.now())
        return user

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return registration.may_sign_up(request, timezone.now())

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm the address; the first confirmation ends every other session.

        Whoever signed in before may have typed an address that is not theirs.
        """
        is_first = not EmailAddress.objects.filter(
            user_id=email_address.user_id, verified=True
        ).exists()
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed and is_first:
            end_other_sessions(request, email_address.user)
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it; a mail server that is away must not turn a page into an error.

        Links lead to BASE_URL, whatever host the request that caused the mail was sent to.
        """
        links = {key: _at_home(url) for key, url in context.items() if key.endswith("_url")}
        links["base_url"] = settings.BASE_URL
        try:
            super().send_mail(template_prefix, email, context | links)
        except (OSError, SMTPException) as error:
            logger.error("mail: could not send %s (%s)", template_prefix, type(error).__name__)
            self.add_message(
                self.request,
                messages.ERROR,
                message=_(
                    "We could not send the mail just now. Your data are kept; "
                    "ask for it again in a few minutes."
                ),
            )

    def pre_login(self, request: HttpRequest, user: Member, **details: Any) -> HttpResponse | None:
        """Whoever asked to be deleted is out, also with a passkey; the mailed link undoes it."""
        if user.erase_at is not None:
            clear_login(request)
            return cast(HttpResponse, self.respond_user_inactive(request, user))
        return cast(HttpResponse | None, super().pre_login(request, user, **details))

    def get_reauthentication_methods(self, user: Member) -> list[dict[str, str]]:
        words = {
            "reauthenticate": _("Your password"),
            "mfa_reauthenticate": _("A code from your authenticator app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("A passkey"),
        }
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [method | {"description": str(words[method["id"]])} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("settings")


class MemberMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Try the next one."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text)

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("My passkey") if number == 1 else gettext("Passkey %d") % number

    def build_totp_svg(self, url: str) -> str:
        """The code as inline SVG: our content security policy allows no data: images."""
        return str(qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # Passkeys are bound to the host of BASE_URL, whatever name a proxy passes on.
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": "Klout"}


def _at_home(url: str) -> str:
    parts = urlsplit(url)
    return f"{settings.BASE_URL}{urlunsplit(parts._replace(scheme='', netloc=''))}"
