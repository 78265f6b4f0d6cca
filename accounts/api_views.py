"""The page with a member's API keys, and whether the API answers with their score."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import api_keys
from accounts.api_models import NAME_MAX, ApiPresence
from accounts.requests import fresh_sign_in_required, member_of
from accounts.scopes import Scope


class KeyForm(forms.Form):
    name = forms.CharField(
        max_length=NAME_MAX,
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("A name by which you know it again, such as the program's."),
    )
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("What may it do?"),
        help_text=gettext_lazy("No more than the program needs. A key never gets more later."),
        error_messages={"required": gettext_lazy("Choose at least one. No key was made yet.")},
    )


@require_GET
@never_cache
@login_required
def api(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    context = {
        "keys": api_keys.keys_in_use(member),
        "presence": ApiPresence.objects.filter(member=member).first(),
    }
    return render(request, "accounts/api.html", context)


@never_cache
@login_required
@fresh_sign_in_required
def make_key(request: HttpRequest) -> HttpResponse:
    """Answers with the key itself, which is kept nowhere: not in the session, not in a redirect."""
    form = KeyForm(request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/api_key.html", {"form": form})
    if not form.is_valid():
        return render(request, "accounts/api_key.html", {"form": form}, status=422)
    name, scopes = form.cleaned_data["name"], form.cleaned_data["scopes"]
    try:
        key = api_keys.make_key(member_of(request), name, scopes, timezone.now())
    except api_keys.Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "accounts/api_key.html", {"form": form}, status=409)
    return render(request, "accounts/api_key.html", {"new_key": key, "name": name})


@require_POST
@login_required
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    key = api_keys.revoke_key(member_of(request), pk, timezone.now())
    if key is None:
        raise Http404
    messages.success(
        request,
        _("The key %(name)s is revoked. Within a minute it opens nothing any more.")
        % {"name": key.name},
    )
    return redirect("api_settings")


@require_POST
@login_required
def set_visible(request: HttpRequest) -> HttpResponse:
    is_visible = request.POST.get("visible") == "yes"
    api_keys.set_visible(member_of(request), is_visible, timezone.now())
    messages.success(
        request,
        _("The API answers with what your public profile shows.")
        if is_visible
        else _("The API does not know you any more, within a minute."),
    )
    return redirect("api_settings")
