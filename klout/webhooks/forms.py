"""What is typed about a webhook."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.webhooks.models import CHOOSABLE, URL_MAX
from klout.webhooks.services import is_address


class WebhookForm(forms.Form):
    url = forms.CharField(
        max_length=URL_MAX,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Of a server of yours on the internet; it begins with https://."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    happenings = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in CHOOSABLE],
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("What is told there?"),
        error_messages={"required": gettext_lazy("Tick at least one thing to be told.")},
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if not is_address(url):
            raise ValidationError(
                _(
                    "Nothing can be sent there. The address begins with https://, and names a "
                    "server that is on the internet, without a port or a password in it."
                )
            )
        return url
