"""Forms of the account pages; allauth's with our words."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import Member


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["password"].help_text = ""
        _drop_placeholders(self)


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    field_order = ("name", "email", "password1", "is_old_enough")

    name = forms.CharField(
        max_length=80,
        label="Name",
        help_text="What we call you. You can change it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    is_old_enough = forms.BooleanField(
        label="I am 16 or older",
        error_messages={"required": "Klout is for people of 16 and older."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        if "password1" in self.fields:
            self.fields["password1"].help_text = "At least 10 characters. A sentence is fine."
        _drop_placeholders(self)

    def try_save(self, request: HttpRequest) -> tuple[Member | None, HttpResponse | None]:
        """Save; of two sign-ups with one address at once, the later is told as if it existed."""
        try:
            with transaction.atomic():
                saved: tuple[Member | None, HttpResponse | None] = super().try_save(request)
                return saved
        except IntegrityError:
            self.account_already_exists = True
            taken: tuple[None, HttpResponse] = super().try_save(request)
            return taken


class ChangeEmailForm(allauth_forms.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New address"
        _drop_placeholders(self)


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Member
        fields = ("name",)


def _drop_placeholders(form: forms.Form) -> None:
    """A placeholder that repeats the label is noise, and vanishes when one types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
