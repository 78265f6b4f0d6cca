"""Scores day by day, by every rule that scored them, and the week in a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count

from accounts.models import Member
from language import gettext as _
from networks.models import Reaction
from networks.registry import PLATFORMS
from scoring import explanations, versions
from scoring.charts import DayScore
from scoring.models import Score
from scoring.seen import EVERYTHING, Seen
from scoring.selectors.figures import preference
from scoring.selectors.scores import newest_first

HISTORY_DAYS = 90


@dataclass(frozen=True)
class History:
    """The same days by the rule that is shown first, and by every other; oldest day first.

    `changes`: which rule came into force on which of these days.
    """

    days: tuple[DayScore, ...]
    others: tuple[tuple[DayScore, ...], ...] = ()
    changes: tuple[tuple[str, date], ...] = ()

    @property
    def lines(self) -> tuple[tuple[DayScore, ...], ...]:
        return (self.days, *self.others)

    @property
    def other_rules(self) -> tuple[str, ...]:
        """The names of the rules of `others`."""
        return tuple(line[-1].rule for line in self.others)


def history(member: Member, days: int = HISTORY_DAYS, *, until: date | None = None) -> History:
    """The scores of the last `days` days up to `until` (or the newest)."""
    scores = Score.objects.filter(member=member)
    if until is None:
        until = newest_day(member)
        if until is None:
            return History(())
    rows = scores.filter(on__gt=until - timedelta(days=days), on__lte=until).order_by("on")
    return history_of(rows, days, until)


def history_of(rows: Iterable[Score], days: int, until: date) -> History:
    """The same of rows that are at hand, the oldest day first; later and earlier ones go."""
    first = until - timedelta(days=days - 1)
    by_rule: dict[str, list[DayScore]] = {}
    for row in rows:
        if not first <= row.on <= until:
            continue
        one = DayScore(row.on, row.hundredths, row.likely, row.rule, row.backfilled)
        by_rule.setdefault(row.rule, []).append(one)
    shown_first = sorted(by_rule, key=lambda rule: preference(rule, until), reverse=True)
    lines = [tuple(by_rule[rule]) for rule in shown_first]
    if not lines:
        return History(())
    changes = _changes(first, until)
    return History(lines[0], tuple(lines[1:]), changes)


def _changes(first: date, until: date) -> tuple[tuple[str, date], ...]:
    """Which rule came into force on which of these days, in place of another."""
    later: Sequence[versions.Version] = versions.VERSIONS[1:]
    return tuple(
        (version.name, version.in_force_from)
        for version in later
        if first < version.in_force_from <= until
    )


@dataclass(frozen=True)
class ShownDay:
    """The score of a day as the table has it; `tenths` is empty where it is not to be seen."""

    rule: str
    tenths: str
    likely: str
    backfilled: bool


@dataclass(frozen=True)
class HistoryRow:
    """A day with a score, or days in a row without (`score` is None).

    `others` are the scores of that day by other rules, in the order of `History.others`.
    """

    on: date
    score: ShownDay | None = None
    until: date | None = None
    others: tuple[ShownDay | None, ...] = ()


def history_rows(history: History, seen: Seen = EVERYTHING) -> list[HistoryRow]:
    """The newest day first; the days without a score between two others as one row.

    Other rules are left out where no number is to be seen.
    """
    others = history.others if seen.number else ()
    beside = [{one.on: one for one in line} for line in others]
    rows: list[HistoryRow] = []
    for one in reversed(history.days):
        if rows and (rows[-1].on - one.on).days > 1:
            gap = (one.on + timedelta(days=1), rows[-1].on - timedelta(days=1))
            rows.append(HistoryRow(gap[0], until=gap[1]))
        by_others = tuple(_shown(line.get(one.on), seen) for line in beside)
        rows.append(HistoryRow(one.on, _shown(one, seen), others=by_others))
    return rows


def _shown(one: DayScore | None, seen: Seen) -> ShownDay | None:
    if one is None:
        return None
    likely = ""
    if seen.band:
        likely = _("{low} to {high}").format(low=one.likely.low, high=one.likely.high)
    return ShownDay(one.rule, one.tenths if seen.number else "", likely, one.backfilled)


def days_before(
    member: Member, before: date | None, seen: Seen, count: int
) -> list[tuple[DayScore, ...]]:
    """The last `count` days with a score before a day, the newest first.

    Each by every rule that scored it, the one that was in force on it first. None of the days
    that are not to be seen.
    """
    scores = Score.objects.filter(member=member, on__lte=seen.until)
    if before is not None:
        scores = scores.filter(on__lt=before)
    days = scores.order_by("-on").values_list("on", flat=True).distinct()[:count]
    by_day: dict[date, list[DayScore]] = {}
    for row in scores.filter(on__in=list(days)).order_by("-on"):
        one = DayScore(row.on, row.hundredths, row.likely, row.rule, row.backfilled)
        by_day.setdefault(row.on, []).append(one)
    return [
        tuple(sorted(rows, key=lambda one: preference(one.rule, one.on), reverse=True))
        for rows in by_day.values()
    ]


def newest_day(member: Member, seen: Seen = EVERYTHING) -> date | None:
    """The day of the newest score that may be seen."""
    scores = newest_first(Score.objects.filter(member=member), seen)
    return scores.values_list("on", flat=True).first()


def week_sentence(member: Member, *, until: date | None = None) -> str:
    """The sentence on the seven days before the newest score; empty without one."""
    if until is None:
        until = newest_day(member)
    if until is None:
        return ""
    end = datetime.combine(until, time(), UTC)
    rows = (
        Reaction.objects.filter(
            account__member=member, happened_at__gte=end - timedelta(days=7), happened_at__lt=end
        )
        .values("account__platform")
        .annotate(people=Count("responder_hash", distinct=True))
        .order_by("-people", "account__platform")
    )
    return week_in_words([(row["account__platform"], row["people"]) for row in rows])


def week_in_words(people: Iterable[tuple[str, int]]) -> str:
    """The sentence, of how many people responded on which platform."""
    return explanations.week_sentence([(PLATFORMS[name].label, count) for name, count in people])
