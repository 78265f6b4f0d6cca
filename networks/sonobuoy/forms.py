"""What a member tells the sonobuoy."""

from django import forms
from django.utils.translation import gettext_lazy as _

from networks.listening_models import THRESHOLD_MOST
from networks.sonobuoy.answers import Answer


class AnswerForm(forms.Form):
    said = forms.TypedChoiceField(
        choices=[(each.value, each.name) for each in Answer], coerce=Answer
    )


class RestForm(forms.Form):
    rests = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda said: said == "yes"
    )


class ThresholdForm(forms.Form):
    """Empty: by the own rhythm."""

    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=THRESHOLD_MOST,
        error_messages={
            "invalid": _("Please give a number of days, or leave it empty for your own rhythm."),
            "min_value": _("Please give at least one day, or leave it empty for your own rhythm."),
            "max_value": _("Please give at most %(limit_value)s days, or mute the network."),
        },
    )


class WishesForm(forms.Form):
    wants_pings = forms.BooleanField(required=False)
    wants_weekly = forms.BooleanField(required=False)
    quiet_from = forms.TimeField(label=_("No mail from"), widget=forms.TimeInput(format="%H:%M"))
    quiet_until = forms.TimeField(label=_("until"), widget=forms.TimeInput(format="%H:%M"))
