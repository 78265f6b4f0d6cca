"""The page a member opens first."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Member
from accounts.requests import member_of
from gifting.selectors import (
    Entry,
    Journey,
    KeptPerson,
    journey,
    kept_to_bring_back,
    latest_received,
)
from klout.views.people import WITHIN, who_moved
from networks.charts import Pulse, pulse_bars
from networks.selectors import AccountPulse, MovedBy, account_pulses
from scoring.charts import TrendChart, trend
from scoring.selectors import (
    NoScore,
    ScoreView,
    history,
    latest_score,
    week_sentence,
    why_no_score,
)

MOVED_SHOWN = 3
KEPT_SHOWN = 3
LOOK_AGAIN_SECONDS = 5


@dataclass(frozen=True)
class Buoy:
    """What the sonobuoy hears of one linked account."""

    account: AccountPulse
    pulse: Pulse
    shows_handle: bool


@dataclass(frozen=True)
class Received:
    """The last K that came to the member, and the hands it went through."""

    entry: Entry
    way: Journey | None


@dataclass(frozen=True)
class Dashboard:
    """Everything the page shows; of `score` and `no_score` exactly one is there."""

    score: ScoreView | None
    no_score: NoScore | None
    trend: TrendChart | None
    week: str
    scored: str
    buoys: tuple[Buoy, ...]
    moved: tuple[MovedBy, ...]
    kept: tuple[KeptPerson, ...]
    received: Received | None

    @property
    def has_news_of_kept(self) -> bool:
        """Whether somebody kept in mind is here by now, which the member has not read yet."""
        return any(person.is_news for person in self.kept)

    @property
    def looks_again(self) -> bool:
        """Whether the score comes by itself within a minute or so."""
        return self.no_score is not None and not self.no_score.can_link


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    board = build(member_of(request), timezone.now())
    response = render(request, "pages/dashboard.html", {"board": board})
    if board.looks_again:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def build(member: Member, now: datetime) -> Dashboard:
    """Ask each app for its part."""
    score = latest_score(member)
    return Dashboard(
        score=score,
        no_score=None if score else why_no_score(member),
        trend=_trend(member, score, now) if score else None,
        week=week_sentence(member, until=score.on) if score else "",
        scored=scored_sentence(score, now) if score else "",
        buoys=_buoys(account_pulses(member, now)),
        moved=tuple(who_moved(member, now - WITHIN, MOVED_SHOWN)),
        kept=tuple(kept_to_bring_back(member, KEPT_SHOWN)),
        received=_received(member, now),
    )


def _trend(member: Member, score: ScoreView, now: datetime) -> TrendChart | None:
    """Up to yesterday at least: nights that were missed are dashed, the coming one is not."""
    until = max(score.on, now.astimezone(UTC).date() - timedelta(days=1))
    days = history(member, until=until)
    return trend(days.days, until=until, others=days.others, changes=days.changes)


def _buoys(accounts: list[AccountPulse]) -> tuple[Buoy, ...]:
    """With the handle where the name of the platform does not tell accounts apart."""
    labels = Counter(account.label for account in accounts)
    return tuple(
        Buoy(account, pulse_bars(account.pulse), shows_handle=labels[account.label] > 1)
        for account in accounts
    )


def _received(member: Member, now: datetime) -> Received | None:
    entry = latest_received(member, now)
    return Received(entry, journey(entry.address, member, now)) if entry else None


def scored_sentence(score: ScoreView, now: datetime) -> str:
    """When, and by which rule; in UTC, as we do not know where the member is."""
    at = score.computed_at.astimezone(UTC)
    days = (now.astimezone(UTC).date() - at.date()).days
    day = {0: "today", 1: "yesterday"}.get(days, f"on {at.day} {at:%b}")
    return f"Scored {day} at {at:%H:%M} UTC by rule {score.rule}."
