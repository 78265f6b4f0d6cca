"""Charts as coordinates for inline SVG. Pure; the templates only print what is here.

Labels of axes are handed out apart, for HTML: inside a scaled SVG they shrink with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import cos, radians, sin, sqrt

from scoring.band import Band
from scoring.explanations import day, points

WIDTH, HEIGHT = 640.0, 160.0
# The axis: from one multiple of five to another, some whole tens apart, around what is drawn.
AXIS_STEP, AXIS_WIDTHS = 5, range(10, 101, 10)


@dataclass(frozen=True)
class DayScore:
    """The score of one day with its likely range."""

    on: date
    hundredths: int
    likely: Band
    rule: str
    backfilled: bool

    @property
    def whole(self) -> int:
        return self.hundredths // 100

    @property
    def tenths(self) -> str:
        return points(self.hundredths // 10)


@dataclass(frozen=True)
class TrendChart:
    """Ninety days: `lines` and `washes` are path data, `gaps` the dashed days between them.

    `levels` are the values of the lines at the bottom, in the middle and at the top; `days`
    the first, the middle and the last day.
    """

    width: float
    height: float
    lines: tuple[str, ...]
    gaps: tuple[str, ...]
    washes: tuple[str, ...]
    end: str
    levels: tuple[int, int, int]
    days: tuple[str, str, str]
    label: str
    has_gaps: bool
    has_backfilled: bool


def axis(lowest: float, highest: float) -> tuple[int, int]:
    """The narrowest axis that holds what is drawn, as much in the middle as fives allow."""
    middle = (lowest + highest) / 2
    fitting = [
        (width, abs(low + width / 2 - middle), low)
        for width in AXIS_WIDTHS
        for low in range(0, 101 - width, AXIS_STEP)
        if low <= lowest and highest <= low + width
    ]
    width, _, low = min(fitting)
    return low, low + width


def trend(
    history: Sequence[DayScore], *, until: date, days: int = 90, whole_scale: bool = False
) -> TrendChart | None:
    """The last `days` days up to `until`; None where there is nothing to draw."""
    first = date.fromordinal(until.toordinal() - days + 1)
    drawn = sorted((one for one in history if first <= one.on <= until), key=lambda one: one.on)
    if not drawn:
        return None
    low, high = axis(min(one.likely.low for one in drawn), max(one.likely.high for one in drawn))
    plot = _Plot(first, days, 0 if whole_scale else low, 100 if whole_scale else high)
    runs = list(_runs(drawn))
    gaps = tuple(_gaps(plot, runs, until))
    return TrendChart(
        width=WIDTH,
        height=HEIGHT,
        lines=tuple(_path([plot.at(one.on, one.hundredths / 100) for one in run]) for run in runs),
        gaps=gaps,
        washes=tuple(_wash(plot, run) for run in runs),
        end=_path([plot.at(drawn[-1].on, drawn[-1].hundredths / 100)]),
        levels=(plot.low, (plot.low + plot.high) // 2, plot.high),
        days=(day(first), day(plot.middle), day(until)),
        label=_trend_label(drawn, days),
        has_gaps=bool(gaps),
        has_backfilled=any(one.backfilled for one in drawn),
    )


@dataclass(frozen=True)
class _Plot:
    first: date
    days: int
    low: int
    high: int

    def at(self, on: date, value: float) -> tuple[float, float]:
        across = (on - self.first).days / max(1, self.days - 1)
        return WIDTH * across, HEIGHT * (self.high - value) / (self.high - self.low)

    @property
    def middle(self) -> date:
        return date.fromordinal(self.first.toordinal() + (self.days - 1) // 2)


def _runs(drawn: Sequence[DayScore]) -> Iterator[list[DayScore]]:
    """Days that follow each other without a gap."""
    run = [drawn[0]]
    for before, after in pairwise(drawn):
        if (after.on - before.on).days > 1:
            yield run
            run = []
        run.append(after)
    yield run


def _gaps(plot: _Plot, runs: Sequence[Sequence[DayScore]], until: date) -> Iterator[str]:
    start, end = runs[0][0], runs[-1][-1]
    if start.on > plot.first:
        yield _path([plot.at(plot.first, start.hundredths / 100), _point(plot, start)])
    for before, after in pairwise(runs):
        yield _path([_point(plot, before[-1]), _point(plot, after[0])])
    if end.on < until:
        yield _path([_point(plot, end), plot.at(until, end.hundredths / 100)])


def _point(plot: _Plot, one: DayScore) -> tuple[float, float]:
    return plot.at(one.on, one.hundredths / 100)


def _wash(plot: _Plot, run: Sequence[DayScore]) -> str:
    above = [plot.at(one.on, one.likely.high_hundredths / 100) for one in run]
    below = [plot.at(one.on, one.likely.low_hundredths / 100) for one in reversed(run)]
    return _path([*above, *below]) + "Z"


def _path(places: Sequence[tuple[float, float]]) -> str:
    """Path data; a single place becomes a stroke without length, drawn as a dot."""
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return path if len(places) > 1 else f"{path}h0"


def _trend_label(drawn: Sequence[DayScore], days: int) -> str:
    start, end = drawn[0], drawn[-1]
    return (
        f"Score over the last {days} days: {start.whole} on {day(start.on)}, {end.whole} on "
        f"{day(end.on)}."
    )


CENTRE, BUOY_DISTANCE = 160.0, 122.0
FIRST_ANGLE = -135.0
MOST_BUOYS = 8
SMALLEST_BUOY, LARGEST_BUOY = 4.0, 10.0


@dataclass(frozen=True)
class Source:
    """A linked account for the sonar; `share` of the points, 0 to 1."""

    label: str
    share: float
    is_heard: bool


@dataclass(frozen=True)
class Buoy:
    x: float
    y: float
    size: float
    label: str
    label_x: float
    label_y: float
    is_heard: bool


@dataclass(frozen=True)
class SonarChart:
    """The score in the middle, around it the accounts, sized by what they add."""

    whole: int
    low: int
    high: int
    rings: tuple[int, ...]
    buoys: tuple[Buoy, ...]
    label: str


def sonar(whole: int, low: int, high: int, sources: Sequence[Source]) -> SonarChart:
    """`sources` with the largest first; the first few get a buoy, evenly around."""
    shown = sources[:MOST_BUOYS]
    buoys = tuple(
        _buoy(source, FIRST_ANGLE + 360 * place / len(shown)) for place, source in enumerate(shown)
    )
    return SonarChart(
        whole, low, high, (72, 104, 136), buoys, _sonar_label(whole, low, high, sources)
    )


def _buoy(source: Source, angle: float) -> Buoy:
    x = CENTRE + BUOY_DISTANCE * cos(radians(angle))
    y = CENTRE + BUOY_DISTANCE * sin(radians(angle))
    size = SMALLEST_BUOY + (LARGEST_BUOY - SMALLEST_BUOY) * sqrt(source.share)
    above = y < CENTRE
    return Buoy(
        x=round(x, 1),
        y=round(y, 1),
        size=round(size, 1),
        label=source.label if source.is_heard else f"{source.label}, not read",
        label_x=round(min(270.0, max(50.0, x)), 1),
        label_y=round(y - size - 7 if above else y + size + 15, 1),
        is_heard=source.is_heard,
    )


def _sonar_label(whole: int, low: int, high: int, sources: Sequence[Source]) -> str:
    parts = [f"Score {whole}, likely {low} to {high}."]
    for is_heard, words in ((True, "heard"), (False, "not read for a while")):
        labels = [source.label for source in sources if source.is_heard is is_heard]
        if labels:
            verb = "is" if len(labels) == 1 else "are"
            parts.append(f"{_listed(labels)} {verb} {words}.")
    return " ".join(parts)


def _listed(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
