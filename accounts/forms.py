"""Forms of the account pages: allauth's, with our words."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import registration
from accounts.models import Member
from accounts.services import settle_after_reset

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PASSWORD_HINT = _("At least 10 characters. A sentence is fine.")
# Years; who signs up says so, and nobody is asked for more.
LEAST_AGE = 16
NOT_ADMITTED = _(
    "Nobody was signed up: the invitation has been used meanwhile, taken back, or has expired."
)


class OurWords:
    """Labels and hints of ours; no placeholder that repeats a label and vanishes when one types.

    A password is typed once: browsers show it on demand, and a wrong one can be reset.
    """

    fields: dict[str, forms.Field]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {}
    hints: ClassVar[dict[str, "StrOrPromise"]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, account.LoginForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"login": _("E-mail"), "password": _("Password")}


class SignupForm(OurWords, account.SignupForm):  # type: ignore[misc]
    field_order = ("name", "email", "password1", "is_old_enough")
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"email": _("E-mail"), "password1": _("Password")}
    hints: ClassVar[dict[str, "StrOrPromise"]] = {
        "name": _("What we call you. You can change it."),
        "password1": PASSWORD_HINT,
    }

    name = forms.CharField(
        max_length=80, label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    is_old_enough = forms.BooleanField(
        label=format_lazy(_("I am {age} or older"), age=LEAST_AGE),
        error_messages={
            "required": format_lazy(_("Klout is for people of {age} and older."), age=LEAST_AGE)
        },
    )

    def try_save(self, request: HttpRequest) -> tuple[Member | None, HttpResponse | None]:
        """Save; of two sign-ups with one address at once, the later is told as if it existed.

        Of two with one invitation, the later is told that it has been used.
        """
        try:
            with transaction.atomic():
                saved: tuple[Member | None, HttpResponse | None] = super().try_save(request)
                return saved
        except IntegrityError:
            self.account_already_exists = True
            taken: tuple[None, HttpResponse] = super().try_save(request)
            return taken
        except registration.NotAdmitted:
            messages.error(request, NOT_ADMITTED)
            return None, redirect("account_signup")


class ChangeEmailForm(OurWords, account.AddEmailForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"email": _("New address")}


class ConfirmEmailForm(OurWords, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"code": _("Code")}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
    }
    hints: ClassVar[dict[str, "StrOrPromise"]] = {"password1": PASSWORD_HINT}


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"password1": _("Password")}
    hints: ClassVar[dict[str, "StrOrPromise"]] = {"password1": PASSWORD_HINT}


class ResetPasswordForm(OurWords, account.ResetPasswordForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"email": _("E-mail")}


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"password1": _("New password")}
    hints: ClassVar[dict[str, "StrOrPromise"]] = {"password1": PASSWORD_HINT}

    def save(self) -> None:
        super().save()
        settle_after_reset(self.user, timezone.now())


class ReauthenticateForm(OurWords, account.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"password": _("Password")}


class AuthenticateForm(OurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"code": _("Code")}


class ReauthenticateByCodeForm(OurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"code": _("Code")}


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"code": _("Code that the app shows")}


class AddPasskeyForm(OurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {
        "name": _("Name"),
        "passwordless": _("It signs me in alone, without my password"),
    }
    hints: ClassVar[dict[str, "StrOrPromise"]] = {
        "name": _("The device it lives in, for example."),
        "passwordless": _("Without this it is asked for after the password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class SignupPasskeyForm(OurWords, webauthn.SignupWebAuthnForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"name": _("Name")}


class RenamePasskeyForm(OurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, "StrOrPromise"]] = {"name": _("Name")}
