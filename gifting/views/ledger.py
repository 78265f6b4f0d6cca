"""What a member has, and every gift."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.paging import page_of
from accounts.requests import member_of
from gifting import selectors

ENTRIES_PER_PAGE = 20
RECEIVED_SHOWN = 10


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    now, page = timezone.now(), page_of(request.GET)
    first = (page - 1) * ENTRIES_PER_PAGE
    entries = selectors.entries(member_of(request), now, first=first, count=ENTRIES_PER_PAGE + 1)
    context = {
        # Also what the masthead shows: read once.
        "purse": selectors.purse(member_of(request), now),
        "received": selectors.received(member_of(request), now, RECEIVED_SHOWN),
        "entries": entries[:ENTRIES_PER_PAGE],
        "newer": page - 1,
        "older": page + 1 if len(entries) > ENTRIES_PER_PAGE else None,
    }
    return render(request, "gifting/ledger.html", context)


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What K is and is not, with the numbers in force."""
    return render(request, "gifting/rules.html", {"rules": selectors.rules(timezone.now())})
