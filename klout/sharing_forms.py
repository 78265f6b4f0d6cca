"""Forms of what members show of themselves."""

from datetime import timedelta
from typing import ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.sharing_models import ABOUT_MAX, ASKED_AS_MAX, LABEL_MAX
from networks.connectors.fields import line
from networks.shown import OwnAccount


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name in the address"),
        max_length=31,
        help_text=_("3 to 30 characters: letters from a to z, digits, _ and -."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class ProfileForm(forms.Form):
    """What stands on the profile. `accounts` are the member's own, to choose among."""

    is_public = forms.BooleanField(label=_("Everybody may see my profile"), required=False)
    shows_score = forms.BooleanField(
        label=_("My score, with its likely range and its date"), required=False
    )
    shows_words = forms.BooleanField(
        label=_("Words I received with K, where their giver allowed it"), required=False
    )
    shows_topics = forms.BooleanField(
        label=_("What I am answered on, but for topics I hide"), required=False
    )
    accounts = forms.TypedMultipleChoiceField(
        label=_("These networks"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    about = forms.CharField(
        label=_("A line about me"),
        required=False,
        max_length=ABOUT_MAX,
        help_text=format_lazy(_("At most {most} characters."), most=ABOUT_MAX),
    )
    is_indexed = forms.BooleanField(label=_("Search engines may list it"), required=False)

    def __init__(self, *args: object, accounts: list[OwnAccount], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["accounts"]
        field.choices = [  # type: ignore[attr-defined]
            (one.number, f"{one.label} {one.handle}") for one in accounts
        ]

    def clean_about(self) -> str:
        """One line, without signs that turn or hide the text around it."""
        return line(self.cleaned_data["about"], ABOUT_MAX)


class LinkForm(forms.Form):
    LASTS: ClassVar[dict[str, timedelta]] = {
        "1": timedelta(days=1),
        "7": timedelta(days=7),
        "30": timedelta(days=30),
        "365": timedelta(days=365),
    }
    shows_score = forms.BooleanField(
        label=_("My score, with its likely range and its date"), required=False
    )
    shows_words = forms.BooleanField(
        label=_("Words I received with K, where their giver allowed it"), required=False
    )
    shows_networks = forms.BooleanField(
        label=_("The networks I chose for my profile"), required=False
    )
    lasts = forms.ChoiceField(
        label=_("It works for"),
        choices=[
            ("1", _("a day")),
            ("7", _("a week")),
            ("30", _("30 days")),
            ("365", _("a year")),
        ],
        initial="7",
    )
    label = forms.CharField(
        label=_("A note for yourself"),
        required=False,
        max_length=LABEL_MAX,
        help_text=_("For whom it is, for example. Only you see it."),
    )

    def clean(self) -> dict[str, object]:
        found: dict[str, object] = super().clean() or {}
        if not any(found.get(name) for name in ("shows_score", "shows_words", "shows_networks")):
            raise forms.ValidationError(
                _("No link was made: choose at least one thing that it shows.")
            )
        return found

    def clean_label(self) -> str:
        return line(self.cleaned_data["label"], LABEL_MAX)


class AskForm(forms.Form):
    whom = forms.CharField(
        label=_("Handle or address of the other member"),
        max_length=ASKED_AS_MAX,
        help_text=_("As you would write it to give them a K, e.g. @grace@example.org."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_whom(self) -> str:
        return line(self.cleaned_data["whom"], ASKED_AS_MAX)
