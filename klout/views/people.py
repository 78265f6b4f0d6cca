"""The people who moved a member."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import member_of
from networks.selectors import people_who_moved, people_who_responded

WITHIN = timedelta(days=90)
LATELY = timedelta(days=28)
SHOWN = 50


@login_required
def people(request: HttpRequest) -> HttpResponse:
    now, member = timezone.now(), member_of(request)
    context = {
        "moved": people_who_moved(member, now - WITHIN, SHOWN),
        "responded": people_who_responded(member, now - LATELY),
        "has_network": member.linked_accounts.exists(),
        "within_days": WITHIN.days,
        "lately_days": LATELY.days,
        "shown": SHOWN,
    }
    return render(request, "pages/people.html", context)
