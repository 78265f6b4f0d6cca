"""What comes in from a member's browser."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gifting.handles import HANDLE_MAX, handle_key
from gifting.links import is_plain_https
from gifting.models import WORDS_MAX, Decision, Hand
from gifting.selectors import Choice
from networks.registry import platform_choices

# They turn the direction of the text around them: a way to make a page say something else.
_DIRECTION_MARKS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def plain(text: str) -> str:
    """Plain text with single line ends and without invisible controls."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        letter
        for letter in lines
        if letter == "\n"
        or (unicodedata.category(letter) != "Cc" and letter not in _DIRECTION_MARKS)
    ).strip()


class WordsField(forms.CharField):
    """A few plain sentences. What a browser counts as one line end counts as one here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=WORDS_MAX,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={
                "max_length": _(
                    "At most %(limit_value)d characters; these are %(show_value)d. Nothing was "
                    "sent, your words are still here."
                )
            },
            **options,
        )

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value) or "")


class LinkField(forms.URLField):
    """Where something was: a plain https link, or nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=500,
            required=False,
            assume_scheme="https",
            error_messages={"invalid": _("This is not a link. Copy it whole from your browser.")},
            **options,
        )

    def clean(self, value: Any) -> str:
        link: str = super().clean(value)
        if link and not is_plain_https(link):
            raise ValidationError(_("Only a plain https link: https, a host, and a path."))
        return link


class GiftForm(forms.Form):
    """`choices`: the K to choose from; None leaves it to the service whether the giver has it."""

    to = forms.CharField(max_length=300, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = WordsField()
    link = LinkField()
    k = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": _("Choose one of the K you have.")}
    )
    shares = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, choices: tuple[Choice, ...] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if choices is None:
            self.fields["k"] = forms.CharField(max_length=24, required=False)
            return
        open_choices = [choice for choice in choices if not choice.refusal]
        field = self.fields["k"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(choice.value, choice.label) for choice in open_choices]
        # Without an own one to give, a received one has to be chosen.
        field.required = all(choice.value for choice in open_choices)


class ReportForm(forms.Form):
    said = WordsField()


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens. Nothing was decided yet.")},
    )
    reason = WordsField()


class SettingsForm(forms.Form):
    accepts_from = forms.ChoiceField(choices=Hand.AcceptsFrom.choices, widget=forms.RadioSelect)


class ReasonForm(forms.Form):
    """Why somebody is kept in mind, and what the keeper calls them."""

    name = forms.CharField(max_length=80, required=False)
    reason = WordsField()
    link = LinkField()

    def clean_name(self) -> str:
        return " ".join(plain(self.cleaned_data["name"]).split())


class KeepForm(ReasonForm):
    """The same for a handle anywhere."""

    platform = forms.ChoiceField(
        required=False,
        choices=lambda: [*platform_choices(), ("", _("Somewhere else"))],
        error_messages={"invalid_choice": _("Choose one of the networks, or “Somewhere else”.")},
    )
    handle = forms.CharField(
        max_length=HANDLE_MAX - 1,
        error_messages={"required": _("Who is it? Their handle, as it stands on their profile.")},
    )

    def clean_handle(self) -> str:
        handle = "".join(plain(self.cleaned_data["handle"]).split())
        if not handle_key(handle):
            raise ValidationError(_("Who is it? Their handle, as it stands on their profile."))
        if self.cleaned_data.get("platform") == "blog":
            return handle.removeprefix("https://").removeprefix("@").rstrip("/")
        return f"@{handle.removeprefix('@')}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("platform") == "mastodon" and "@" not in cleaned.get("handle", "@@")[1:]:
            self.add_error("handle", _("With the server, please: @grace@example.org."))
        return cleaned


class ChoicesForm(forms.Form):
    found_by_name = forms.BooleanField(required=False)
    wants_digest = forms.BooleanField(required=False)
