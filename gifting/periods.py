"""When an allotment begins and ends, and when a K that came home lapses. Pure: no clock."""

from datetime import UTC, date, datetime, time, timedelta

WEEK = timedelta(days=7)
# A K that comes home late in its period can still be given for this long.
KEPT_AFTER_RETURN = timedelta(days=7)
UNDO_WINDOW = timedelta(minutes=10)
# A K the other way between the same two people within this time is shown as returned.
RETURNED_WITHIN = timedelta(days=30)


def day_of(now: datetime) -> date:
    return now.astimezone(UTC).date()


def midnight(day: date) -> datetime:
    """00:00 UTC, with which the day begins."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def week_of(now: datetime) -> date:
    """The Monday (UTC) that began the ISO week in which `now` lies."""
    today = day_of(now)
    return today - timedelta(days=today.weekday())


def period_around(now: datetime, days: int, last_ended_on: date | None) -> tuple[date, date]:
    """The first and the last day (not included) of the period in which `now` lies.

    For a moment that no stored period covers: the periods of `days` days follow on the last one
    that ended, also where nobody gave for a while. Whole weeks end with a Sunday; the first one
    after another length is shorter for it.
    """
    today, length = day_of(now), timedelta(days=days)
    is_weekly = days % 7 == 0
    begins = last_ended_on or (week_of(now) if is_weekly else today)
    while True:
        ends = begins + length
        if is_weekly:
            ends -= timedelta(days=ends.weekday())
        if today < ends:
            return begins, ends
        begins = ends


def lapses_at(ends_on: date, home_since: datetime) -> datetime:
    """When a K lapses that is in the hand it was allotted to.

    `ends_on`: the end of its period. `home_since`: when it came back; giving it once more and
    having it back again is no later return, or an allotment could be hoarded that way.
    """
    return max(midnight(ends_on), home_since + KEPT_AFTER_RETURN)
