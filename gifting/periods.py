"""When an allotment begins and ends, and when a K that came home lapses. Pure: no clock."""

from datetime import UTC, date, datetime, time, timedelta

PERIOD = timedelta(days=7)
# A K that comes home late in its week can still be given for this long.
KEPT_AFTER_RETURN = timedelta(days=7)
UNDO_WINDOW = timedelta(minutes=10)
# A K the other way between the same two people within this time is shown as returned.
RETURNED_WITHIN = timedelta(days=30)


def period_of(now: datetime) -> date:
    """The Monday (UTC) that began the ISO week in which `now` lies; it names the period."""
    today = now.astimezone(UTC).date()
    return today - timedelta(days=today.weekday())


def period_start(period: date) -> datetime:
    return datetime.combine(period, time.min, tzinfo=UTC)


def period_end(period: date) -> datetime:
    """Midnight UTC at which the next period begins."""
    return period_start(period + PERIOD)


def last_over(now: datetime) -> date:
    """Every period that began later than this date still lasts at `now`."""
    return (now.astimezone(UTC) - PERIOD).date()


def lapses_at(period: date, returned_at: datetime) -> datetime:
    """When a K lapses that came back, at `returned_at`, to the hand it was allotted to."""
    return max(period_end(period), returned_at + KEPT_AFTER_RETURN)
