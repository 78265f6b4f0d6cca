"""What was received: the words first, and a year of them as a letter."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.paging import page_of
from accounts.requests import member_of
from gifting import selectors

GIFTS_PER_PAGE = 20
# Nobody can have received a K before; the database knows no later year than the last.
FIRST_YEAR, LAST_YEAR = 2000, 9998


@login_required
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    now, page = timezone.now(), page_of(request.GET)
    first = (page - 1) * GIFTS_PER_PAGE
    gifts = selectors.gifts_received(member_of(request), now, first=first, count=GIFTS_PER_PAGE + 1)
    context = {
        "gifts": gifts[:GIFTS_PER_PAGE],
        "newer": page - 1,
        "older": page + 1 if len(gifts) > GIFTS_PER_PAGE else None,
    }
    return render(request, "gifting/received.html", context)


@login_required
@require_safe
def latest_letter(_request: HttpRequest) -> HttpResponse:
    return redirect("letter", timezone.now().year)


@login_required
@require_safe
def letter(request: HttpRequest, year: int) -> HttpResponse:
    """The words of a year, all open, to be printed."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    words = selectors.letter(member_of(request), year, timezone.now())
    return render(request, "gifting/letter.html", {"letter": words})
