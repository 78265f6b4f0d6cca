"""What a member types when linking."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from networks.connectors.platform import Platform

FINDABLE = [("yes", _("Yes")), ("no", _("No"))]


class FindableForm(forms.Form):
    """The answer has no default: being found is for the member alone to decide."""

    findable = forms.TypedChoiceField(
        label=_("People who know this handle may find me here and give me K"),
        choices=FINDABLE,
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
        error_messages={
            "required": _("Please answer yes or no; there is no answer we would guess.")
        },
    )


class LinkForm(FindableForm):
    """What one platform wants typed, if anything, and the answer to be found by it."""

    typed = forms.CharField(
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
                "aria-describedby": "typed-hint",
            }
        ),
    )
    field_order = ("typed", "findable")

    def __init__(self, platform: Platform, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if platform.typed is None:
            del self.fields["typed"]
            return
        self.fields["typed"].label = _(platform.typed.label)
        self.fields["typed"].error_messages["required"] = _(platform.typed.missing)
        self.fields["typed"].validators.append(MaxLengthValidator(platform.typed.most))
