"""Who may give to me, and whom I shut out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import member_of
from gifting import selectors, services
from gifting.forms import SettingsForm
from gifting.refusals import NotYours


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def k_settings(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    form = SettingsForm(
        request.POST or None, initial={"accepts_from": selectors.accepts_from(member)}
    )
    if form.is_valid():
        services.accept_from(member, form.cleaned_data["accepts_from"])
        messages.success(request, "Saved, and in force from now on.")
        return redirect("k_settings")
    context = {"form": form, "blocks": selectors.blocks_of(member)}
    return render(request, "gifting/settings.html", context)


@login_required
@require_POST
def unblock(request: HttpRequest, block_id: int) -> HttpResponse:
    try:
        services.unblock(member_of(request), block_id)
    except NotYours:
        raise Http404 from None
    messages.success(request, "The block is lifted.")
    return redirect("k_settings")
