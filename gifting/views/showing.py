"""What a member's public profile may show of the K they received."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import member_of
from gifting import selectors
from gifting.refusals import NotYours
from gifting.services import showing


@login_required
@require_POST
def allow_on_profile(request: HttpRequest, address: str, step: int) -> HttpResponse:
    allows = request.POST.get("allows") == "yes"
    try:
        showing.allow_on_profile(member_of(request), address, step, allows=allows)
    except NotYours:
        raise Http404 from None
    messages.success(
        request,
        _("For your part, these words may stand on the profile of whoever received them.")
        if allows
        else _("These words stand on no profile."),
    )
    return redirect("gift", address, step)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appreciation(request: HttpRequest) -> HttpResponse:
    """What the public profile would show, and whether it may."""
    member = member_of(request)
    if request.method == "POST":
        shows = request.POST.get("shows") == "yes"
        showing.show_appreciation(member, shows=shows)
        messages.success(
            request,
            _("Your public profile may show this.")
            if shows
            else _("Your public profile shows nothing of it."),
        )
        return redirect("appreciation")
    context = {
        "choices": selectors.choices_of(member),
        "seen": selectors.appreciation(member, timezone.now()),
    }
    return render(request, "gifting/appreciation.html", context)
