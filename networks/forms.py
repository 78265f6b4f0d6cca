"""What a member types when linking."""

from django import forms

FINDABLE = [("yes", "Yes"), ("no", "No")]


class FindableForm(forms.Form):
    """The answer has no default: being found is for the member alone to decide."""

    findable = forms.TypedChoiceField(
        label="People who know this handle may find me here and give me K",
        choices=FINDABLE,
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
        error_messages={"required": "Please answer yes or no; there is no answer we would guess."},
    )


class MastodonForm(FindableForm):
    host = forms.CharField(
        label="Your server",
        max_length=300,
        error_messages={"required": "Please type the name of your server."},
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
                "aria-describedby": "host-hint",
            }
        ),
    )
    field_order = ("host", "findable")
