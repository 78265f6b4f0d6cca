"""When tonight's scores come, and how far a night is that runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoring.models import Night
from scoring.phases import PHASES, Notes
from scoring.rule import RULE_VERSION

Doing = Promise | str

WORDS: Mapping[str, Promise] = {
    "read": _("reading what is new"),
    "people": _("finding out who responded"),
    "links": _("adding up who reached out to whom"),
    "trust": _("letting trust flow"),
    "sums": _("adding up what they are worth"),
    "score": _("applying the rule"),
    "write": _("storing the scores"),
}
# How a night's time is shared out before there was one: a guess.
USUAL: Mapping[str, float] = {
    "read": 3,
    "people": 3,
    "links": 2,
    "trust": 2,
    "sums": 3,
    "score": 2,
    "write": 5,
}
# So many nights back one that was finished is looked for, to tell how long they take.
LATELY = 4


@dataclass(frozen=True)
class Tonight:
    """`at`: when the next night begins, or the one began that runs (`is_running`).

    `ready_at`: when its scores are there if it takes as long as the last one did; None: no night
    was finished yet. `doing` (in words) and `per_cent` are of the night that runs.
    """

    at: datetime
    ready_at: datetime | None
    is_running: bool
    doing: Doing = ""
    per_cent: int = 0


def tonight(now: datetime) -> Tonight:
    """The night that runs, else the next one. One query."""
    return tonight_of(Night.objects.defer("set_aside").order_by("-on", "-pk")[:LATELY], now)


def tonight_of(lately: Iterable[Night], now: datetime) -> Tonight:
    """The same, of the last nights (LATELY of them will do), the newest first."""
    nights = list(lately)
    usual = _last_phases(nights)
    lasts = timedelta(seconds=sum(usual.values())) if usual else None
    for night in nights:
        if night.rule == RULE_VERSION and night.finished_at is None and not night.problem:
            doing, share = _progress(night.phases, usual or USUAL)
            ready_at = _after(night.started_at, lasts)
            return Tonight(night.started_at, ready_at, True, doing, min(99, int(100 * share)))
    at = _next_night(nights, now)
    return Tonight(at, _after(at, lasts), False)


def _after(at: datetime, lasts: timedelta | None) -> datetime | None:
    return None if lasts is None else at + lasts


def _next_night(nights: Iterable[Night], now: datetime) -> datetime:
    """One that is overdue begins within the minute: it is now."""
    at = datetime.combine(now.astimezone(UTC).date(), settings.NIGHT_AT, UTC)
    is_over = any(
        night.on == at.date() and night.rule == RULE_VERSION and night.finished_at
        for night in nights
    )
    return at + timedelta(days=1) if is_over else max(at, now)


def _last_phases(nights: Iterable[Night]) -> dict[str, float] | None:
    last = next((night for night in nights if night.finished_at), None)
    if last is None or not last.phases:
        return None
    return {name: notes.get("seconds", 0) for name, notes in last.phases.items()}


def _progress(phases: Mapping[str, Notes], usual: Mapping[str, float]) -> tuple[Doing, float]:
    """What it does now, and which share of the usual time that and what came before took."""
    passed = 0.0
    doing: Doing = ""
    for name in PHASES:
        if name in phases:
            notes = phases[name]
            passed += usual.get(name, 0) * notes["done"] / max(1, notes["of"])
            doing = WORDS[name]
    return doing, passed / max(sum(usual.values()), 0.001)
