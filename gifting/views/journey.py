"""The way of a K."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import member_of
from gifting import selectors


@login_required
@require_safe
def journey(request: HttpRequest, address: str) -> HttpResponse:
    way = selectors.journey(address, member_of(request), timezone.now())
    if way is None:
        raise Http404
    return render(request, "gifting/journey.html", {"journey": way})
