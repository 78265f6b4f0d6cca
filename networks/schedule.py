"""When an account is read next: spread out, and the same on every machine."""

import zlib
from datetime import UTC, date, datetime, timedelta

FIRST_WAIT = timedelta(minutes=5)
SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=7)
LONGEST_JITTER = timedelta(hours=1)
MONTH_OPENS_WITHIN = timedelta(hours=6)


def next_regular(account_id: int, now: datetime, every: timedelta) -> datetime:
    """The account's next own moment in the period, at least half a period from `now`.

    The moment is a hash of the account, so polls lie evenly over the period.
    """
    period = int(every.total_seconds())
    offset = _hash("regular", account_id) % period
    earliest = int(now.timestamp()) + period // 2
    periods = -(-(earliest - offset) // period)
    return datetime.fromtimestamp(periods * period + offset, tz=UTC)


def after_failure(account_id: int, failures: int, now: datetime, longest: timedelta) -> datetime:
    """Twice the wait each time up to `longest`; half of it is a hash, so that none go together."""
    doubled: int = 2 ** min(failures, 20)
    wait = min(FIRST_WAIT * doubled, longest)
    share = 0.5 + _hash("failure", account_id, failures) % 1000 / 2000
    return now + wait * share


def after_wait(account_id: int, until: datetime, now: datetime) -> datetime:
    """Not before `until`, and then one after the other: full jitter over as long as the wait was.

    Nobody sends us away for more than a week, and nobody is asked again within a minute.
    """
    until = min(max(until, now + SHORTEST_WAIT), now + LONGEST_WAIT)
    share = _hash("wait", account_id, until) % 1000 / 1000
    return until + min(until - now, LONGEST_JITTER) * share


def in_month(account_id: int, first: date) -> datetime:
    """When an account is read that waited for this month: in its first hours, spread out."""
    opening = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return opening + MONTH_OPENS_WITHIN * (_hash("month", account_id, first) % 1000 / 1000)


def _hash(*parts: object) -> int:
    return zlib.crc32(":".join(str(part) for part in parts).encode())
