"""The way of a K, and where a member's K went."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import member_of
from gifting import selectors
from gifting.refusals import NotYours
from gifting.services import showing


@login_required
@require_safe
def journey(request: HttpRequest, address: str) -> HttpResponse:
    way = selectors.journey(address, member_of(request), timezone.now())
    if way is None:
        raise Http404
    return render(request, "gifting/journey.html", {"journey": way})


@login_required
@require_POST
def open_way(request: HttpRequest, address: str) -> HttpResponse:
    """Let strangers see a way, or no more, for one's own part."""
    opens = request.POST.get("opens") == "yes"
    try:
        showing.open_way(member_of(request), address, timezone.now(), opens=opens)
    except NotYours:
        raise Http404 from None
    messages.success(
        request,
        _("For your part, every member may see this way. It takes the same yes from every hand.")
        if opens
        else _("This way is closed: only the hands it went through see it."),
    )
    return redirect("journey", address)


@login_required
@require_safe
def appreciation_map(request: HttpRequest) -> HttpResponse:
    seen = selectors.appreciation_map(member_of(request))
    return render(request, "gifting/map.html", {"map": seen})
