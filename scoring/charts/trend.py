"""The score over ninety days, as coordinates for inline SVG. Pure.

Lines and shades are path data for an SVG that is stretched to the room there is. What must keep
its shape (a dot, words) stands beside them in percent of that room. Labels of axes are handed
out apart, for HTML: inside a scaled SVG they shrink with it.
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
class Moment:
    """A post that moved people, for a mark on its day; `told` is what the mark says."""

    on: date
    told: str


@dataclass(frozen=True)
class Spot:
    """One day of the chart: `left` is where its strip begins, all three in percent."""

    left: str
    x: str
    y: str
    told: str


@dataclass(frozen=True)
class Mark:
    """Something on the line that can be reached by the keyboard: `key` names what it leads to."""

    key: str
    x: str
    y: str
    told: str
    is_rule: bool = False


@dataclass(frozen=True)
class Row:
    """A line of the table beside the chart; `score` is empty where it is not to be seen."""

    on: date
    score: str
    likely: str


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
    `changes` upright lines where one took the place of another. `spots` are the days to point
    at, each as wide as `strip`; `marks` the moments and the changes; `rows` the same as a table,
    with a day of each week.
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
    strip: str = ""
    spots: tuple[Spot, ...] = ()
    marks: tuple[Mark, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def has_line(self) -> bool:
        """Whether the score itself is drawn, and not only its likely range."""
        return bool(self.lines)

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
        if any(not mark.is_rule for mark in self.marks):
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
    moments: Sequence[Moment] = (),
    number: bool = True,
) -> TrendChart | None:
    """The last `days` days up to `until`; None where there is nothing to draw.

    `others` are the same days by other rules, one list for each; `changes` the rules that came
    into force and their first days. Without `number` only the likely range is drawn and told, in
    whole points: nothing on the chart gives the score away.
    """
    first = date.fromordinal(until.toordinal() - days + 1)
    drawn = _between(history, first, until)
    if not drawn:
        return None
    beside = [run for other in others if (run := _between(other, first, until))] if number else []
    low, high = axis(*_extent([drawn, *beside]))
    plot = _Plot(first, days, 0 if whole_scale else low, 100 if whole_scale else high, number)
    runs = list(_runs(drawn))
    gaps = tuple(_gaps(plot, runs, until))
    marked = tuple(_change(plot, rule, on) for rule, on in changes if first < on <= until)
    return TrendChart(
        width=WIDTH,
        height=HEIGHT,
        lines=tuple(_line(plot, run) for run in runs) if number else (),
        gaps=gaps,
        washes=tuple(_wash(plot, run) for run in runs),
        end=_path([plot.of(drawn[-1])]) if number else "",
        levels=(plot.low, (plot.low + plot.high) // 2, plot.high),
        days=(day(first), day(plot.middle), day(until)),
        label=_trend_label(drawn, beside, marked, days, number=number),
        has_gaps=bool(gaps),
        has_backfilled=any(one.backfilled for one in drawn),
        rule=drawn[-1].rule,
        other_lines=tuple(_line(plot, run) for other in beside for run in _runs(other)),
        other_rules=tuple(other[-1].rule for other in beside),
        changes=marked,
        strip=_percent(1 / max(1, days - 1)),
        spots=tuple(_spot(plot, one) for one in drawn),
        marks=(*_marks(plot, drawn, moments), *(_rule_mark(plot, one) for one in marked)),
        rows=tuple(_row(one, number=number) for one in drawn[::-7]),
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
    number: bool

    def at(self, on: date, value: float) -> tuple[float, float]:
        return self.across(on), HEIGHT * (self.high - value) / (self.high - self.low)

    def of(self, one: DayScore) -> tuple[float, float]:
        """Where a day is drawn: at its score, or in the middle of its range in whole points."""
        middle = (one.likely.low + one.likely.high) / 2
        return self.at(one.on, one.hundredths / 100 if self.number else middle)

    def range_of(self, one: DayScore) -> tuple[float, float]:
        """Where the range of a day begins and ends."""
        if self.number:
            return one.likely.low_hundredths / 100, one.likely.high_hundredths / 100
        return one.likely.low, one.likely.high

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
        yield _path([(0.0, plot.of(start)[1]), plot.of(start)])
    for before, after in pairwise(runs):
        yield _path([plot.of(before[-1]), plot.of(after[0])])
    if end.on < until:
        yield _path([plot.of(end), (plot.across(until), plot.of(end)[1])])


def _change(plot: _Plot, rule: str, on: date) -> RuleChange:
    across = plot.across(on)
    return RuleChange(rule, on, _path([(across, 0.0), (across, HEIGHT)]))


def _rule_mark(plot: _Plot, change: RuleChange) -> Mark:
    x = _percent(plot.across(change.on) / WIDTH)
    return Mark(
        "versions",
        x,
        "100%",
        _("{day}: rule {rule} takes over").format(day=change.day, rule=change.rule),
        is_rule=True,
    )


def _marks(plot: _Plot, drawn: Sequence[DayScore], moments: Sequence[Moment]) -> Iterator[Mark]:
    """From left to right, as the keyboard goes through them; numbered as they are listed."""
    for number, moment in sorted(enumerate(moments, 1), key=lambda one: one[1].on):
        if drawn[0].on <= moment.on <= drawn[-1].on:
            x, y = plot.across(moment.on), _level(plot, drawn, moment.on)
            told = f"{day(moment.on)}: {moment.told}"
            yield Mark(f"moment-{number}", _percent(x / WIDTH), _percent(y / HEIGHT), told)


def _spot(plot: _Plot, one: DayScore) -> Spot:
    x, y = plot.of(one)
    strip = 1 / max(1, plot.days - 1)
    likely = {"low": one.likely.low, "high": one.likely.high}
    score = _("{score}, likely {low} to {high}").format(score=one.tenths, **likely)
    if not plot.number:
        score = _("likely {low} to {high}").format(**likely)
    return Spot(
        left=_percent(x / WIDTH - strip / 2),
        x=_percent(x / WIDTH),
        y=_percent(y / HEIGHT),
        told=f"{day(one.on)}: {score}",
    )


def _row(one: DayScore, *, number: bool) -> Row:
    return Row(
        one.on,
        one.tenths if number else "",
        _("{low} to {high}").format(low=one.likely.low, high=one.likely.high),
    )


def _percent(part: float) -> str:
    return f"{100 * part:.2f}%"


def _level(plot: _Plot, drawn: Sequence[DayScore], on: date) -> float:
    """The height of the line on a day, also where it is dashed."""
    after = next(one for one in drawn if one.on >= on)
    if after.on == on:
        return plot.of(after)[1]
    before = next(one for one in reversed(drawn) if one.on < on)
    part = (on - before.on) / (after.on - before.on)
    return plot.of(before)[1] + part * (plot.of(after)[1] - plot.of(before)[1])


def _line(plot: _Plot, run: Sequence[DayScore]) -> str:
    return _path([plot.of(one) for one in run])


def _wash(plot: _Plot, run: Sequence[DayScore]) -> str:
    above = [plot.at(one.on, plot.range_of(one)[1]) for one in run]
    below = [plot.at(one.on, plot.range_of(one)[0]) for one in reversed(run)]
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
    *,
    number: bool,
) -> str:
    if number:
        whole = _("Score over the last {days} days: {course}.")
    else:
        whole = _("Likely range of the score over the last {days} days: {course}.")
    told = [whole.format(days=days, course=_from_to(drawn, number=number))]
    by_rule = _("By rule {rule}: {course}.")
    told += [by_rule.format(rule=other[-1].rule, course=_from_to(other)) for other in beside]
    since = _("Rule {rule} from {day}.")
    told += [since.format(rule=change.rule, day=change.day) for change in changes]
    return " ".join(told)


def _from_to(drawn: Sequence[DayScore], *, number: bool = True) -> str:
    start, end = drawn[0], drawn[-1]
    days = {"first": day(start.on), "last": day(end.on)}
    if number:
        return _("{before} on {first}, {after} on {last}").format(
            before=start.whole, after=end.whole, **days
        )
    return _("{before} on {first}; {after} on {last}").format(
        before=_likely(start), after=_likely(end), **days
    )


def _likely(one: DayScore) -> str:
    return _("{low} to {high}").format(low=one.likely.low, high=one.likely.high)
