"""Forms of the operator's acts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Every act on a member has a reason, which the member can read."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is on record, and the member can read it."),
    )


class InvitationForm(forms.Form):
    note = forms.CharField(
        label=_("For whom"),
        max_length=120,
        required=False,
        help_text=_("A note to yourself. The link does not tell it."),
    )


class AnnouncementForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What it says"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Plain text, up to 1,000 characters."),
    )
    days = forms.IntegerField(
        label=_("Shown for how many days"), min_value=1, max_value=90, initial=14
    )


class MailForm(forms.Form):
    to = forms.EmailField(label=_("Send it to"))

    def __init__(self, data: Any, *, to: str) -> None:
        super().__init__(data, initial={"to": to})
