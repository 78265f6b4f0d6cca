"""What a member says about their own score."""

from django import forms

from accounts.models import Member


class ShownForm(forms.ModelForm):  # type: ignore[type-arg]
    """How they want to be shown it."""

    class Meta:
        model = Member
        fields = ("score_shown",)
