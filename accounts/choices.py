"""Forms of what members choose about themselves and how pages look to them."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from accounts.zones import zone_named, zones_like


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Member
        fields = ("name",)
        labels = {"name": gettext_lazy("Name")}  # noqa: RUF012
        help_texts = {"name": gettext_lazy("What we call you, and others where you are shown.")}  # noqa: RUF012
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}  # noqa: RUF012


class LooksForm(forms.ModelForm):  # type: ignore[type-arg]
    """Language, colours and time zone; a zone may be typed as its city."""

    language = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Language"),
        choices=lambda: [("", _("As my browser asks")), *settings.LANGUAGES],
    )
    theme = forms.ChoiceField(
        required=False, label=gettext_lazy("Colours"), choices=Member.Theme.choices
    )
    time_zone = forms.CharField(
        required=False,
        max_length=63,
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Type a city, such as Berlin, or choose from the list. Empty: UTC."),
        widget=forms.TextInput(
            attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    class Meta:
        model = Member
        fields = ("language", "theme", "time_zone")

    def clean_time_zone(self) -> str:
        typed = self.cleaned_data["time_zone"].strip()
        if not typed:
            return ""
        zone = zone_named(typed)
        if zone is None:
            raise ValidationError(self._no_such_zone(typed))
        return zone

    @staticmethod
    def _no_such_zone(typed: str) -> str:
        near = zones_like(typed)
        if near:
            return _("No zone is called exactly that. Do you mean %(zones)s?") % {
                "zones": ", ".join(near)
            }
        return _("We know no zone of that name. Try the nearest large city, such as Berlin.")

    def what_changed(self) -> str:
        """A sentence for each choice that is another one now."""
        shown: dict[str, Any] = {
            "language": dict(settings.LANGUAGES).get(
                self.cleaned_data["language"], _("as your browser asks")
            ),
            "theme": Member.Theme(self.cleaned_data["theme"]).label,
            "time_zone": self.cleaned_data["time_zone"] or "UTC",
        }
        said = [
            _("%(choice)s: %(value)s.") % {"choice": self[name].label, "value": shown[name]}
            for name in self.changed_data
        ]
        return " ".join([_("Saved."), *said]) if said else _("Nothing was changed.")
