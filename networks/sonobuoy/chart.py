"""Twelve weeks of one network as coordinates for inline SVG, and as a table. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from networks.sonobuoy.rhythm import WINDOW_DAYS, Span, days_lost, whole_days

STEP, BAR, HEIGHT, LEAST = 10, 7, 60, 6
WEEK = 7


@dataclass(frozen=True)
class Block:
    """A rectangle in the units of the viewBox."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class WeekRow:
    """One line of the table; `unread` and `rested` are whole days that do not count."""

    begins_on: date
    posts: int
    days: int
    unread: int
    rested: int


@dataclass(frozen=True)
class RhythmChart:
    """`bars` are days with posts, `ticks` days without; behind them the days that do not count
    (`unread`, `rested`) and the present silence.
    """

    bars: tuple[Block, ...]
    ticks: tuple[Block, ...]
    unread: tuple[Block, ...]
    rested: tuple[Block, ...]
    silence: Block | None
    weeks: tuple[WeekRow, ...]
    first: date
    middle: date
    last: date
    posts: int
    days: int
    width: int = STEP * WINDOW_DAYS
    height: int = HEIGHT

    @property
    def has_uncounted(self) -> bool:
        return bool(self.unread or self.rested)


def rhythm_chart(
    posts: Mapping[date, int],
    today: date,
    *,
    heard_on: date | None,
    rests: Iterable[Span] = (),
    outages: Iterable[Span] = (),
) -> RhythmChart:
    """The twelve weeks up to today; `heard_on` is the day up to which there is a silence."""
    first = today - timedelta(days=WINDOW_DAYS - 1)
    days = [first + timedelta(days=n) for n in range(WINDOW_DAYS)]
    rested = {day for span in rests for day in whole_days(span)}
    unread = set(days_lost(outages, posts)) - rested
    busiest = max(posts.values(), default=1)
    spoke = [day for day in days if posts.get(day)]
    return RhythmChart(
        bars=tuple(_bar((day - first).days, posts[day], busiest) for day in spoke),
        ticks=tuple(_bar(at, 0, busiest) for at, day in enumerate(days) if not posts.get(day)),
        unread=tuple(_blocks(days, unread)),
        rested=tuple(_blocks(days, rested)),
        silence=_silence(first, spoke, heard_on),
        weeks=tuple(_weeks(days, posts, unread, rested)),
        first=first,
        middle=first + timedelta(days=WINDOW_DAYS // 2),
        last=today,
        posts=sum(posts.get(day, 0) for day in days),
        days=len(spoke),
    )


def _bar(at: int, posts: int, busiest: int) -> Block:
    height = max(LEAST, (HEIGHT - LEAST) * posts // busiest) if posts else 2
    return Block(STEP * at, HEIGHT - height, BAR, height)


def _blocks(days: list[date], marked: Collection[date]) -> Iterable[Block]:
    """One block for each run of marked days."""
    begins = None
    for at, day in enumerate([*days, days[-1] + timedelta(days=1)]):
        if day in marked and at < len(days):
            begins = at if begins is None else begins
        elif begins is not None:
            yield Block(STEP * begins, 0, STEP * (at - begins), HEIGHT)
            begins = None


def _silence(first: date, spoke: list[date], heard_on: date | None) -> Block | None:
    """From the day after the last post up to the last good read."""
    if not spoke or heard_on is None or heard_on <= spoke[-1]:
        return None
    begins = (spoke[-1] - first).days + 1
    return Block(STEP * begins, HEIGHT - 2, STEP * (heard_on - spoke[-1]).days, 2)


def _weeks(
    days: list[date], posts: Mapping[date, int], unread: Collection[date], rested: Collection[date]
) -> Iterable[WeekRow]:
    for begin in range(0, len(days), WEEK):
        week = days[begin : begin + WEEK]
        yield WeekRow(
            begins_on=week[0],
            posts=sum(posts.get(day, 0) for day in week),
            days=sum(1 for day in week if posts.get(day)),
            unread=sum(1 for day in week if day in unread),
            rested=sum(1 for day in week if day in rested),
        )
