"""The people who moved a member."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Member
from accounts.requests import member_of
from gifting.selectors import open_addresses
from networks.selectors import MovedBy, people_who_moved, people_who_responded

WITHIN = timedelta(days=30)
LATELY = timedelta(days=28)
SHOWN = 50


@login_required
def people(request: HttpRequest) -> HttpResponse:
    now, member = timezone.now(), member_of(request)
    context = {
        "moved": who_moved(member, now - WITHIN, SHOWN),
        "responded": people_who_responded(member, now - LATELY),
        "has_network": member.linked_accounts.exists(),
        "within_days": WITHIN.days,
        "lately_days": LATELY.days,
        "shown": SHOWN,
    }
    return render(request, "pages/people.html", context)


def who_moved(member: Member, since: datetime, limit: int) -> list[MovedBy]:
    """As networks tells it, without the address of those who take no K from this member."""
    moved = people_who_moved(member, since, limit)
    open_ones = open_addresses(
        member, [each.member_address for each in moved if each.member_address]
    )
    return [
        each if each.member_address in open_ones else replace(each, member_address=None)
        for each in moved
    ]
