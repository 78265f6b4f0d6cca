"""The page a member opens first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.requests import member_of
from gifting.selectors import (
    Arrived,
    KeptPerson,
    Stop,
    k_to_give,
    kept_to_bring_back,
    latest_arrived,
)
from klout.views.people import WITHIN, who_moved
from networks.charts import Pulse, pulse_bars
from networks.selectors import MovedBy
from networks.sonobuoy.selectors import Buoy, buoys
from scoring import selectors as scoring
from scoring.charts import TrendChart
from scoring.seen import Seen
from scoring.visitors import seen_by

MOVED_SHOWN = 3
KEPT_SHOWN = 3
# Of a K that came a long way the last hands are shown; all of them are on its own page.
HANDS_SHOWN = 7
LOOK_AGAIN_SECONDS = 5


@dataclass(frozen=True)
class DrawnBuoy:
    """What the sonobuoy hears of one linked account, and its pulse as a picture."""

    account: Buoy
    pulse: Pulse
    shows_handle: bool


@dataclass(frozen=True)
class Received:
    """The last K that came to the member, and the last hands it went through."""

    k: Arrived

    @property
    def stops(self) -> tuple[Stop, ...]:
        return self.k.stops[-HANDS_SHOWN:]

    @property
    def before(self) -> int:
        """How many hands had it before those."""
        return len(self.k.stops) - len(self.stops)


@dataclass(frozen=True)
class Dashboard:
    """Everything the page shows; of `score` and `no_score` exactly one is there.

    `seen` is what the member may see of the score, and everything else is here has been made by it.
    """

    seen: Seen
    score: scoring.ScoreView | None
    no_score: scoring.NoScore | None
    chart: TrendChart | None
    posts: tuple[scoring.PostOfMany, ...]
    week: str
    when: str
    buoys: tuple[DrawnBuoy, ...]
    moved: tuple[MovedBy, ...]
    kept: tuple[KeptPerson, ...]
    received: Received | None
    k_to_give: int

    @property
    def shows_kept(self) -> bool:
        """While there is K to give, or one of them is here by now and the member did not know."""
        return bool(self.kept) and (
            self.k_to_give > 0 or any(person.is_news for person in self.kept)
        )

    @property
    def looks_again(self) -> bool:
        """Whether the score comes by itself within a minute or so."""
        return self.no_score is not None and self.no_score.is_coming

    @property
    def is_settled(self) -> bool:
        """Whether there is more to show than the one next step."""
        return bool(self.buoys or self.moved or self.received)

    @property
    def open_pings(self) -> int:
        """How many networks have gone quiet, which the member has not answered yet."""
        return sum(1 for buoy in self.buoys if buoy.account.ping)

    @property
    def step(self) -> int:
        """Where somebody new is on the way to the first score."""
        if not self.buoys:
            return 1
        return 2 if any(buoy.account.is_first_read for buoy in self.buoys) else 3

    @property
    def ways_to_see(self) -> list[tuple[str, str | Promise]]:
        return [(choice.value, choice.label) for choice in Member.ScoreShown]


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    board = build(member_of(request), seen_by(request, now), now)
    context = {
        "board": board,
        # What every page has around it, without asking once more.
        "k_to_give": board.k_to_give,
        "open_pings": board.open_pings,
        "looks_again_after": LOOK_AGAIN_SECONDS,
    }
    return render(request, "pages/dashboard.html", context)


def build(member: Member, seen: Seen, now: datetime) -> Dashboard:
    """Ask each app for its part: six queries, whatever there is."""
    accounts = buoys(member, now)
    board = scoring.board(member, now, seen)
    arrived = latest_arrived(member, now)
    return Dashboard(
        seen=seen,
        score=board.score if board else None,
        no_score=None if board else scoring.no_score_of(accounts, seen),
        chart=board.chart if board else None,
        posts=board.posts if board else (),
        week=board.week if board else "",
        when=_when(board, now) if board else "",
        buoys=_drawn(accounts),
        moved=tuple(who_moved(member, now - WITHIN, MOVED_SHOWN)),
        kept=tuple(kept_to_bring_back(member, KEPT_SHOWN)),
        received=Received(arrived) if arrived else None,
        k_to_give=k_to_give(member, now),
    )


def _drawn(accounts: list[Buoy]) -> tuple[DrawnBuoy, ...]:
    """With the handle where the name of the platform does not tell accounts apart."""
    labels = Counter(account.label for account in accounts)
    return tuple(
        DrawnBuoy(account, pulse_bars(account.pulse), shows_handle=labels[account.label] > 1)
        for account in accounts
    )


def _when(board: scoring.Board, now: datetime) -> str:
    """When it was scored, by which rule, and when the next ones come; in the member's zone."""
    scored = scored_sentence(board.score, now)
    if board.tonight.is_running:
        return " ".join((scored, _("Tonight’s scores are being computed now.")))
    at = timezone.localtime(board.tonight.at)
    return " ".join((scored, _("Tonight’s scores come at %(time)s.") % {"time": _clock(at)}))


def scored_sentence(score: scoring.ScoreView, now: datetime) -> str:
    """When, and by which rule."""
    at, today = timezone.localtime(score.computed_at), timezone.localtime(now).date()
    days = (today - at.date()).days
    told = {"time": _clock(at), "rule": score.rule, "day": date_format(at, "j M")}
    if days == 0:
        return _("Scored today at %(time)s by rule %(rule)s.") % told
    if days == 1:
        return _("Scored yesterday at %(time)s by rule %(rule)s.") % told
    return _("Scored on %(day)s at %(time)s by rule %(rule)s.") % told


def _clock(at: datetime) -> str:
    """With the name of the zone: not everybody has said which one is theirs."""
    return f"{time_format(at, 'H:i')} {at.tzname()}"
