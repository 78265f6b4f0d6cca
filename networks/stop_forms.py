"""What somebody who is no member fills in to be counted no more, or again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from networks.connectors.platform import CodePlace
from networks.registry import PLATFORMS
from networks.services.stop_list import Wish, places


class WhereForm(forms.Form):
    """On which network; the next form asks what that network needs."""

    platform = forms.ChoiceField(
        label=_("Network"),
        widget=forms.RadioSelect,
        choices=lambda: [(key, PLATFORMS[key].label) for key in places()],
        error_messages={"required": _("Please choose a network.")},
    )


class WhoForm(forms.Form):
    """The handle, and which of the two is wished."""

    typed = forms.CharField(
        max_length=300,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
                "dir": "ltr",
                "aria-describedby": "typed-hint",
            }
        ),
    )
    wish = forms.ChoiceField(
        label=_("What you wish"),
        widget=forms.RadioSelect,
        initial=Wish.STOP,
        choices=[
            (Wish.STOP, _("Stop counting me")),
            (Wish.COUNT, _("Count me again, and take me off the list")),
        ],
        error_messages={"required": _("Please choose one of the two.")},
    )

    def __init__(self, place: CodePlace, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].label = _(place.typed.label)
        self.fields["typed"].error_messages["required"] = _(place.typed.missing)
