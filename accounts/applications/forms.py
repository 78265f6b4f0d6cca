"""What is typed about an application, and what a member ticks for one."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.applications.models import NAME_MAX, URI_MAX, URIS_AT_MOST
from accounts.applications.redirects import is_redirect_uri
from accounts.applications.services import Described
from accounts.scopes import Scope

# Signs that nobody sees, or that turn what is around them: a name is read on the consent page.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


class ApplicationForm(forms.Form):
    name = forms.CharField(
        max_length=NAME_MAX,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Members read it where they are asked to let it in."),
    )
    home_page = forms.URLField(
        max_length=URI_MAX,
        assume_scheme="https",
        label=gettext_lazy("Home page"),
        help_text=gettext_lazy("Where people read what it is. It begins with https://."),
    )
    redirect_uris = forms.CharField(
        max_length=(URI_MAX + 2) * URIS_AT_MOST,
        widget=forms.Textarea(
            attrs={"class": "code", "rows": 3, "spellcheck": "false", "autocapitalize": "none"}
        ),
        label=gettext_lazy("Redirect addresses"),
        help_text=gettext_lazy(
            "Where a member is sent back to, one on a line, compared letter by letter. https://, "
            "or http://127.0.0.1 for a program on the member's own machine, on any port."
        ),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if _UNSEEN.search(name):
            raise ValidationError(_("The name holds signs that nobody can see. Leave them out."))
        return name

    def clean_home_page(self) -> str:
        home_page: str = self.cleaned_data["home_page"]
        if not home_page.startswith("https://"):
            raise ValidationError(_("The address begins with https://."))
        return home_page

    def clean_redirect_uris(self) -> list[str]:
        uris = list(dict.fromkeys(self.cleaned_data["redirect_uris"].split()))
        if len(uris) > URIS_AT_MOST:
            raise ValidationError(
                _("%(most)s addresses are as many as there may be.") % {"most": URIS_AT_MOST}
            )
        for uri in uris:
            if not is_redirect_uri(uri) or len(uri) > URI_MAX:
                raise ValidationError(
                    _(
                        "%(uri)s cannot be a redirect address. It begins with https://, or with "
                        "http://127.0.0.1, and has no part after a #."
                    )
                    % {"uri": uri[:100]}
                )
        return uris

    def described(self) -> Described:
        said = self.cleaned_data
        return Described(said["name"], said["home_page"], said["redirect_uris"])


class NewApplicationForm(ApplicationForm):
    kind = forms.ChoiceField(
        choices=[
            ("server", gettext_lazy("On a server of yours, where it can keep a secret")),
            ("device", gettext_lazy("On people's own devices, or in their browsers")),
        ],
        widget=forms.RadioSelect,
        label=gettext_lazy("Where does it run?"),
    )


class ConsentForm(forms.Form):
    """What the application asks for; the member may take ticks away."""

    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("It may"),
        error_messages={
            "required": gettext_lazy(
                "Nothing is ticked, so nothing was given. Tick what it may do, or say no."
            )
        },
    )

    def __init__(self, asked: tuple[Scope, ...], data: object = None) -> None:
        super().__init__(data, initial={"scopes": [scope.value for scope in asked]})  # type: ignore[arg-type]
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [(scope.value, scope.label) for scope in asked]
