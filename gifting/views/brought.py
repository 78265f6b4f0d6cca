"""K that were given and received at another site: to read."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.paging import page_of
from accounts.requests import member_of

ON_A_PAGE = 50


@require_safe
@login_required
def brought(request: HttpRequest) -> HttpResponse:
    moves = member_of(request).brought_moves.order_by("-made_at", "-pk")
    page = Paginator(moves, ON_A_PAGE).get_page(page_of(request.GET))
    context = {
        "moves": page.object_list,
        "newer": page.previous_page_number() if page.has_previous() else None,
        "older": page.next_page_number() if page.has_next() else None,
    }
    return render(request, "gifting/brought.html", context)
