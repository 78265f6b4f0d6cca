"""The score over ninety days, as coordinates for inline SVG. Pure.

Labels of axes are handed out apart, for HTML: inside a scaled SVG they shrink with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from language import gettext as _
from language import gettext_noop, listed
from scoring.band import Band
from scoring.explanations import day, points

WIDTH, HEIGHT = 640.0, 160.0
# The axis: from one multiple of five to another, some whole tens apart, around what is drawn.
AXIS_STEP, AXIS_WIDTHS = 5, range(10, 101, 10)
LATER = gettext_noop(
    "Days before the first score were computed from what was read back, with followers and "
    "profiles as of the first read."
)


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
class RuleChange:
    """The first day that was scored by a newer rule, and where it is drawn."""

    rule: str
    on: date
    path: str

    @property
    def day(self) -> str:
        return day(self.on)


@dataclass(frozen=True)
class TrendChart:
    """Ninety days: `lines` and `washes` are path data, `gaps` the dashed days between them.

    `levels` are the values of the lines at the bottom, in the middle and at the top; `days`
    the first, the middle and the last day. `other_lines` are the same days by other rules,
    `changes` upright lines where one took the place of another, `dots` the moments.
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
    rule: str = ""
    other_lines: tuple[str, ...] = ()
    other_rules: tuple[str, ...] = ()
    changes: tuple[RuleChange, ...] = ()
    dots: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """What the marks mean, for under the chart."""
        told = []
        if self.has_gaps:
            told.append(_("Dashed: days without a score."))
        upright = _("Upright line: rule {rule} from {day}.")
        told += [upright.format(rule=one.rule, day=one.day) for one in self.changes]
        if self.other_rules:
            lines = _("Thick line: rule {rule}. Thin line: the same days by rule {others}.")
            told.append(lines.format(rule=self.rule, others=listed(self.other_rules)))
        if self.dots:
            told.append(_("Dots: the posts that most people responded to."))
        if self.has_backfilled:
            told.append(_(LATER))
        return tuple(told)


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
    history: Sequence[DayScore],
    *,
    until: date,
    days: int = 90,
    whole_scale: bool = False,
    others: Sequence[Sequence[DayScore]] = (),
    changes: Sequence[tuple[str, date]] = (),
    moments: Sequence[date] = (),
) -> TrendChart | None:
    """The last `days` days up to `until`; None where there is nothing to draw.

    `others` are the same days by other rules, one list for each; `changes` the rules that came
    into force and their first days; `moments` the days to dot.
    """
    first = date.fromordinal(until.toordinal() - days + 1)
    drawn = _between(history, first, until)
    if not drawn:
        return None
    beside = [run for other in others if (run := _between(other, first, until))]
    low, high = axis(*_extent([drawn, *beside]))
    plot = _Plot(first, days, 0 if whole_scale else low, 100 if whole_scale else high)
    runs = list(_runs(drawn))
    gaps = tuple(_gaps(plot, runs, until))
    marked = tuple(_change(plot, rule, on) for rule, on in changes if first < on <= until)
    return TrendChart(
        width=WIDTH,
        height=HEIGHT,
        lines=tuple(_line(plot, run) for run in runs),
        gaps=gaps,
        washes=tuple(_wash(plot, run) for run in runs),
        end=_path([_point(plot, drawn[-1])]),
        levels=(plot.low, (plot.low + plot.high) // 2, plot.high),
        days=(day(first), day(plot.middle), day(until)),
        label=_trend_label(drawn, beside, marked, days),
        has_gaps=bool(gaps),
        has_backfilled=any(one.backfilled for one in drawn),
        rule=drawn[-1].rule,
        other_lines=tuple(_line(plot, run) for other in beside for run in _runs(other)),
        other_rules=tuple(other[-1].rule for other in beside),
        changes=marked,
        dots=tuple(
            _path([plot.at(on, _level(drawn, on))])
            for on in sorted(set(moments))
            if first <= on <= until
        ),
    )


def _between(history: Sequence[DayScore], first: date, until: date) -> list[DayScore]:
    return sorted((one for one in history if first <= one.on <= until), key=lambda one: one.on)


def _extent(drawn: Sequence[Sequence[DayScore]]) -> tuple[float, float]:
    """What the axis must hold: the likely ranges of the first line, the scores of the others."""
    main, *others = drawn
    lowest = [*(one.likely.low for one in main), *(one.whole for line in others for one in line)]
    highest = [
        *(one.likely.high for one in main),
        *(-(-one.hundredths // 100) for line in others for one in line),
    ]
    return min(lowest), max(highest)


@dataclass(frozen=True)
class _Plot:
    first: date
    days: int
    low: int
    high: int

    def at(self, on: date, value: float) -> tuple[float, float]:
        return self.across(on), HEIGHT * (self.high - value) / (self.high - self.low)

    def across(self, on: date) -> float:
        return WIDTH * ((on - self.first).days / max(1, self.days - 1))

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


def _change(plot: _Plot, rule: str, on: date) -> RuleChange:
    across = plot.across(on)
    return RuleChange(rule, on, _path([(across, 0.0), (across, HEIGHT)]))


def _level(drawn: Sequence[DayScore], on: date) -> float:
    """The height of the line on a day, also where it is dashed."""
    if on <= drawn[0].on or on >= drawn[-1].on:
        return drawn[0 if on <= drawn[0].on else -1].hundredths / 100
    before, after = next(pair for pair in pairwise(drawn) if pair[1].on >= on)
    part = (on - before.on) / (after.on - before.on)
    return (before.hundredths + part * (after.hundredths - before.hundredths)) / 100


def _point(plot: _Plot, one: DayScore) -> tuple[float, float]:
    return plot.at(one.on, one.hundredths / 100)


def _line(plot: _Plot, run: Sequence[DayScore]) -> str:
    return _path([_point(plot, one) for one in run])


def _wash(plot: _Plot, run: Sequence[DayScore]) -> str:
    above = [plot.at(one.on, one.likely.high_hundredths / 100) for one in run]
    below = [plot.at(one.on, one.likely.low_hundredths / 100) for one in reversed(run)]
    return _path([*above, *below]) + "Z"


def _path(places: Sequence[tuple[float, float]]) -> str:
    """Path data; a single place becomes a stroke without length, drawn as a dot."""
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return path if len(places) > 1 else f"{path}h0"


def _trend_label(
    drawn: Sequence[DayScore],
    beside: Sequence[Sequence[DayScore]],
    changes: Sequence[RuleChange],
    days: int,
) -> str:
    told = [
        _("Score over the last {days} days: {course}.").format(days=days, course=_from_to(drawn))
    ]
    by_rule = _("By rule {rule}: {course}.")
    told += [by_rule.format(rule=other[-1].rule, course=_from_to(other)) for other in beside]
    since = _("Rule {rule} from {day}.")
    told += [since.format(rule=change.rule, day=change.day) for change in changes]
    return " ".join(told)


def _from_to(drawn: Sequence[DayScore]) -> str:
    start, end = drawn[0], drawn[-1]
    return _("{before} on {first}, {after} on {last}").format(
        before=start.whole, first=day(start.on), after=end.whole, last=day(end.on)
    )
