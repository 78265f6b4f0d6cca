"""The people around a member: who responded, who moved them, and who can be found here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Member
from accounts.requests import member_of
from gifting.looking import may_look
from gifting.refusals import TOO_MANY_LOOKS
from gifting.selectors import Recipient, found_by_name, recipient, shut_to
from networks.responders import Responded, Responder, members_who_responded, responded
from networks.selectors import MovedBy, people_who_moved

WITHIN = timedelta(days=30)
LATELY = timedelta(days=28)
SHOWN = 50
ASKED_MAX = 300


@dataclass(frozen=True)
class Found:
    """Who may be meant by what was asked for; nobody found and nobody to be found look alike."""

    asked: str
    people: Sequence[Recipient]

    @property
    def is_handle(self) -> bool:
        """Whether it can be kept in mind as it was asked for."""
        return "@" in self.asked


@dataclass(frozen=True)
class People:
    """Everything the page shows; `found` only where somebody was asked for."""

    moved: list[MovedBy]
    responded: Responded
    members: list[Responder]
    has_network: bool
    found: Found | None


@login_required
def people(request: HttpRequest) -> HttpResponse:
    now, member = timezone.now(), member_of(request)
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:ASKED_MAX]
    if asked and not may_look(member, now):
        return render(request, "gifting/slower.html", {"said": TOO_MANY_LOOKS}, status=429)
    context = {
        "page": build(member, asked, now),
        "within_days": WITHIN.days,
        "shown": SHOWN,
    }
    return render(request, "pages/people.html", context)


def build(member: Member, asked: str, now: datetime) -> People:
    """Ask each app for its part."""
    not_found = shut_to(member).values("member")
    return People(
        moved=who_moved(member, now - WITHIN, SHOWN),
        responded=responded(member, now),
        members=members_who_responded(member, now - LATELY, not_found),
        has_network=member.linked_accounts.exists(),
        found=_find(member, asked) if asked else None,
    )


def _find(member: Member, asked: str) -> Found:
    """By the whole handle, or by a part of the name of those who chose to be found by it."""
    named = [] if "@" in asked else found_by_name(member, asked)
    exact = recipient(member, asked)
    others = [] if exact is None or exact.member == member else [exact]
    known = {one.member.pk for one in others}
    return Found(asked, [*others, *(one for one in named if one.member.pk not in known)])


def who_moved(member: Member, since: datetime, limit: int) -> list[MovedBy]:
    """As networks tells it, without the address of those who take no K from this member."""
    return people_who_moved(member, since, limit, not_found=shut_to(member).values("member"))
