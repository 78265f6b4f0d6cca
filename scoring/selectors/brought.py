"""Scores that a member brought from another site."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from accounts.models import Member
from scoring.band import Band
from scoring.brought_models import BroughtScore
from scoring.charts import DayScore, TrendChart, trend
from scoring.seen import Seen

DAYS_SHOWN = 90
# By two rules a day and from a few sites; older ones are in the export.
ROWS_READ = 1000


@dataclass(frozen=True)
class Brought:
    """The last days of what one site computed, newest first, by the rule that scored them last."""

    site: str
    rule: str
    days: tuple[DayScore, ...]
    chart: TrendChart | None


def brought_scores(member: Member, seen: Seen) -> list[Brought]:
    """By site, with as much of the numbers as the member chose to see. One query."""
    rows = BroughtScore.objects.filter(member=member).order_by("site", "-on", "-rule")[:ROWS_READ]
    return [_of_site(site, each, seen) for site, each in groupby(rows, key=lambda row: row.site)]


def _of_site(site: str, rows: Iterable[BroughtScore], seen: Seen) -> Brought:
    found = list(rows)
    newest = found[0]
    if not seen.band:
        return Brought(site, newest.rule, (), None)
    first = newest.on.toordinal() - DAYS_SHOWN
    days = [
        DayScore(
            row.on,
            row.hundredths,
            Band(row.low_hundredths, row.high_hundredths),
            row.rule,
            backfilled=False,
        )
        for row in found
        if row.rule == newest.rule and row.on.toordinal() > first
    ]
    chart = trend(days[::-1], until=newest.on, days=DAYS_SHOWN, number=seen.number)
    return Brought(site, newest.rule, tuple(days), chart)
