"""A member's own rhythm on one network, and how long they have been silent there. Pure.

Everything is counted in UTC days, since posts come in bursts: the posts of one day are one sign
of life, and a gap is the number of days from one day with a post to the next (the day after: 1).
Days that do not count, because the account was not read or the member rested, are taken out of a
gap and out of the present silence alike.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

# The rhythm is that of the twelve weeks up to the last post: it does not fade while one is silent.
WINDOW_DAYS = 84
POSTS_NEEDED = 8
# Eight posts on two days are no rhythm yet.
GAPS_NEEDED = 4
# The 97.5th percentile, in thousandths.
RARE = 975
# A silence shorter than this is an ordinary weekend, whatever the rhythm.
QUIET_AFTER_AT_LEAST = 3

DAY = timedelta(days=1)


class Span(NamedTuple):
    """From a moment up to another."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Rhythm:
    """`gaps` in days, the shortest first; `posts` counts all posts of the window."""

    posts: int
    gaps: tuple[int, ...]

    @property
    def is_known(self) -> bool:
        return self.posts >= POSTS_NEEDED and len(self.gaps) >= GAPS_NEEDED

    @property
    def usual(self) -> int | None:
        """The middle one of the gaps (the lower of two); None while unknown."""
        return self.gaps[(len(self.gaps) - 1) // 2] if self.is_known else None

    @property
    def limit(self) -> int | None:
        """After how many days of silence it is quiet there; None while unknown."""
        return max(QUIET_AFTER_AT_LEAST, percentile(self.gaps)) if self.is_known else None


@dataclass(frozen=True)
class Silence:
    """What is known of the silence that lasts, as of the last good read.

    `days` is 0 on the day of the last post and None where no post is known.
    """

    rhythm: Rhythm
    spoke_on: date | None
    days: int | None
    limit: int | None

    @property
    def is_quiet(self) -> bool:
        return self.days is not None and self.limit is not None and self.days > self.limit


def percentile(gaps: Sequence[int]) -> int:
    """The 97.5th percentile by nearest rank: the least gap that 97.5 % of the gaps do not exceed.

    No value in between is made up; up to 39 gaps it is the longest one. `gaps` are sorted and
    not empty.
    """
    rank = -(-len(gaps) * RARE // 1000)
    return gaps[rank - 1]


def silence(
    posts: Mapping[date, int],
    read_at: datetime | None,
    *,
    rests: Iterable[Span] = (),
    outages: Iterable[Span] = (),
    threshold: int | None = None,
) -> Silence:
    """How long somebody has been silent, and what is usual for them.

    `posts` are the numbers of posts by UTC day, `read_at` is the last good read, beyond which
    nothing is known. An outage (from one good read to the next, with none in between) counts for
    nothing, unless a post was written in it: then there was a way to speak. `threshold` is the
    number of days that the member chose instead of the rhythm.
    """
    days = sorted(day for day, number in posts.items() if number)
    if not days or read_at is None:
        return Silence(Rhythm(0, ()), days[-1] if days else None, None, threshold)
    first = days[-1] - timedelta(days=WINDOW_DAYS - 1)
    days = [day for day in days if day >= first]
    uncounted = _uncounted(days, rests, outages, first)
    rhythm = Rhythm(
        sum(posts[day] for day in days),
        tuple(sorted(_between(a, b, uncounted) for a, b in pairwise(days))),
    )
    read_on = read_at.astimezone(UTC).date()
    lasts = _between(days[-1], read_on, uncounted) if read_on > days[-1] else 0
    return Silence(rhythm, days[-1], lasts, rhythm.limit if threshold is None else threshold)


def whole_days(span: Span) -> Iterable[date]:
    """The UTC days that lie wholly within."""
    start, end = span.start.astimezone(UTC), span.end.astimezone(UTC)
    day = start.date() if start.time() == time() else start.date() + DAY
    while day < end.date():
        yield day
        day += DAY


def days_lost(outages: Iterable[Span], spoke: Collection[date]) -> Iterable[date]:
    """The whole days of those outages in which nothing was written, `spoke` being all days."""
    for outage in outages:
        days = list(whole_days(outage))
        if days and not any(days[0] <= day <= days[-1] for day in spoke):
            yield from days


def _uncounted(
    spoke: Sequence[date], rests: Iterable[Span], outages: Iterable[Span], first: date
) -> frozenset[date]:
    begin = datetime.combine(first, time(), UTC)
    rested = {day for span in _since(begin, rests) for day in whole_days(span)}
    return frozenset(rested.union(days_lost(_since(begin, outages), spoke))) - frozenset(spoke)


def _since(begin: datetime, spans: Iterable[Span]) -> Iterable[Span]:
    return (Span(max(span.start, begin), span.end) for span in spans)


def _between(earlier: date, later: date, uncounted: Collection[date]) -> int:
    return (later - earlier).days - sum(earlier < day < later for day in uncounted)
