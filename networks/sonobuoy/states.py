"""What the sonobuoy says of one network: one state, whatever else is so. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """In the order in which they win: whoever left is not asked whether they rest."""

    LEFT = "left"
    RESTING = "resting"
    NOT_READ = "not_read"
    MUTED = "muted"
    LEARNING = "learning"
    QUIET = "quiet"
    ALIVE = "alive"


# Polls are spread over their period, so one that is up to half a period late is on time.
LATE_AFTER_PERIODS = 2


@dataclass(frozen=True)
class Known:
    """What decides on the state. `limit` and `silent` in days, None while unknown."""

    read_at: datetime | None
    every: timedelta
    can_be_read: bool
    silent: int | None = None
    limit: int | None = None
    has_left: bool = False
    rests: bool = False
    is_muted: bool = False


def state_of(known: Known, now: datetime) -> State:
    if known.has_left:
        return State.LEFT
    if known.rests:
        return State.RESTING
    if not known.can_be_read or is_late(known.read_at, known.every, now):
        return State.NOT_READ
    if known.is_muted:
        return State.MUTED
    if known.silent is None or known.limit is None:
        return State.LEARNING
    return State.QUIET if known.silent > known.limit else State.ALIVE


def is_late(read_at: datetime | None, every: timedelta, now: datetime) -> bool:
    """Whether the last good read is too long ago to say anything; the first one is awaited."""
    return read_at is not None and now - read_at > LATE_AFTER_PERIODS * every
