"""Who may give to me, whom I shut out, how I am found, and the mail I asked for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import member_of
from accounts.stopping import stop_page
from gifting import digest, selectors, services
from gifting.forms import ChoicesForm, SettingsForm
from gifting.refusals import NotYours
from gifting.services import showing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def k_settings(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    form = SettingsForm(
        request.POST or None, initial={"accepts_from": selectors.accepts_from(member)}
    )
    if form.is_valid():
        services.accept_from(member, form.cleaned_data["accepts_from"])
        messages.success(request, _("Saved, and in force from now on."))
        return redirect("k_settings")
    context = {
        "form": form,
        "blocks": selectors.blocks_of(member),
        "choices": selectors.choices_of(member),
    }
    return render(request, "gifting/settings.html", context)


@login_required
@require_POST
def unblock(request: HttpRequest, block_id: int) -> HttpResponse:
    try:
        services.unblock(member_of(request), block_id)
    except NotYours:
        raise Http404 from None
    messages.success(request, _("The block is lifted."))
    return redirect("k_settings")


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Being found by name, and the digest."""
    member, form = member_of(request), ChoicesForm(request.POST)
    form.is_valid()  # two boxes, ticked or not: nothing can be wrong with them
    showing.be_found_by_name(member, found=form.cleaned_data["found_by_name"])
    showing.want_digest(member, timezone.now(), wants=form.cleaned_data["wants_digest"])
    messages.success(request, _("Saved, and in force from now on."))
    return redirect("k_settings")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    return stop_page(
        request,
        digest.MAIL,
        token,
        lambda member: showing.want_digest(member, now, wants=False),
    )
