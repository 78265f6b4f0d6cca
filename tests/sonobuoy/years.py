"""Made-up years of members on networks, from a seed: when they speak, rest, and cannot be read."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

DAYS = 365
START = date(2025, 1, 6)  # a Monday
PLATFORMS = 6


@dataclass
class Year:
    """Days are numbers from 0. `posts` by day as written; `found_late` is decided by reading."""

    habit: str
    platform: int
    posts: dict[int, int] = field(default_factory=dict)
    rests: list[tuple[int, int]] = field(default_factory=list)
    unread: set[int] = field(default_factory=set)
    hour: float = 3.0


def years(members: int, seed: int) -> list[Year]:
    """As many members, on six platforms, some of which are down as a whole now and then."""
    chance = random.Random(seed)
    down = [set(_outages(chance, 3)) for _ in range(PLATFORMS)]
    return [_year(chance, number, down) for number in range(members)]


def _year(chance: random.Random, number: int, down: list[set[int]]) -> Year:
    habits = list(HABITS)
    year = Year(habits[number % len(habits)], chance.randrange(PLATFORMS))
    year.hour = chance.uniform(0, 24)
    speaks = set(HABITS[year.habit](chance))
    if chance.random() < 0.5:
        begin, length = chance.randrange(60, 300), chance.randrange(7, 29)
        speaks -= set(range(begin, begin + length))
        if chance.random() < 0.5:
            year.rests.append((begin, begin + length))
    if chance.random() < 0.15:
        left = chance.randrange(120, 330)
        speaks = {day for day in speaks if day < left}
    # Nobody speaks on a platform that is down; an account that only we cannot read speaks on.
    speaks -= down[year.platform]
    year.unread = down[year.platform] | set(_outages(chance, chance.randrange(4)))
    year.posts = {day: chance.choice((1, 1, 1, 2, 5)) for day in speaks if 0 <= day < DAYS}
    return year


def _outages(chance: random.Random, number: int) -> Iterator[int]:
    for _ in range(number):
        begin = chance.randrange(30, DAYS - 10)
        yield from range(begin, begin + chance.randrange(1, 8))


def _regular(chance: random.Random) -> Iterator[int]:
    every = chance.choice((1, 2, 3, 5, 7))
    for n in count():
        day = n * every + chance.choice((0, 0, 0, 1, -1))
        if day >= DAYS:
            return
        yield day


def _bursty(chance: random.Random) -> Iterator[int]:
    day = 0
    while day < DAYS:
        yield from range(day, day + chance.randrange(2, 6))
        day += chance.randrange(6, 16)


def _weekdays(chance: random.Random) -> Iterator[int]:
    return (day for day in range(DAYS) if day % 7 < 5 and chance.random() < 0.7)


def _weekends(chance: random.Random) -> Iterator[int]:
    return (day for day in range(DAYS) if day % 7 >= 5 and chance.random() < 0.9)


def _seldom(chance: random.Random) -> Iterator[int]:
    day = chance.randrange(20)
    while day < DAYS:
        yield day
        day += chance.randrange(10, 45)


def _by_chance(chance: random.Random) -> Iterator[int]:
    rate = chance.uniform(0.05, 0.8)
    return (day for day in range(DAYS) if chance.random() < rate)


HABITS: dict[str, Callable[[random.Random], Iterator[int]]] = {
    "regular": _regular,
    "bursty": _bursty,
    "weekdays": _weekdays,
    "weekends": _weekends,
    "seldom": _seldom,
    "by chance": _by_chance,
}


def on(day: int) -> date:
    return START + timedelta(days=day)


def moment(day: float) -> datetime:
    return datetime.combine(START, datetime.min.time(), UTC) + timedelta(days=day)


# --- What is right, worked out in another way ----------------------------------------------------


def silent_days(year: Year, day: int, away: set[int]) -> int:
    """Walk back from `day` to the last post, and count the days that count."""
    silent = 0
    while not year.posts.get(day):
        silent += day not in away
        day -= 1
    return silent


def right_limit(year: Year, last: int, away: set[int]) -> int | None:
    """The limit by walking day by day through the twelve weeks up to the last post."""
    gaps: list[int] = []
    since: int | None = None
    posts = 0
    for day in range(last - 83, last + 1):
        if since is not None:
            since += day not in away
        if year.posts.get(day):
            posts += year.posts[day]
            if since is not None:
                gaps.append(since)
            since = 0
    if posts < 8 or len(gaps) < 4:
        return None
    least = next(g for g in sorted(gaps) if 1000 * sum(x <= g for x in gaps) >= 975 * len(gaps))
    return max(3, least)
