"""A score with everything there is to say about each account."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from accounts.models import Member
from scoring import explanations
from scoring.charts import ReachCurve, reach_curve
from scoring.laws import Law, law_of
from scoring.models import Contribution, Score
from scoring.rule import AccountFigures
from scoring.seen import EVERYTHING, Seen
from scoring.selectors.figures import figures_of, rows_of
from scoring.selectors.moments import Moment, moments
from scoring.selectors.scores import ContributionView, ScoreView, latest_row, rows_on, view_of
from scoring.what_if import Supposition, suppositions


@dataclass(frozen=True)
class WeightBar:
    """So many people of one weight, and the width of their bar from 0 to 100."""

    label: str
    people: int
    bar: float


@dataclass(frozen=True)
class AccountDetail:
    """One account: what it added, how fresh it is, its curve, and what would have been."""

    added: ContributionView
    freshness: str
    weights: tuple[WeightBar, ...]
    curve: ReachCurve | None
    suppositions: tuple[Supposition, ...]


@dataclass(frozen=True)
class OtherRule:
    """The same day by another rule."""

    rule: str
    tenths: str


@dataclass(frozen=True)
class DetailedScore:
    """`others` are the scores of the same day by other rules."""

    score: ScoreView
    accounts: tuple[AccountDetail, ...]
    others: tuple[OtherRule, ...]
    moments: tuple[Moment, ...]


def latest_detailed(member: Member, seen: Seen = EVERYTHING) -> DetailedScore | None:
    """The newest score of a member who has an account that was read; None without one."""
    row = latest_row(member, seen)
    return None if row is None else detailed_on(member, row.on, row.rule, seen)


def detailed_on(
    member: Member, on: date, rule: str = "", seen: Seen = EVERYTHING
) -> DetailedScore | None:
    """The score of one day by the rule in force on it, or by the one that is named."""
    if on > seen.until:
        return None
    rows = rows_on(member, on)
    chosen = next((row for row in rows if not rule or row.rule == rule), None)
    if chosen is None:
        return None
    others = tuple(
        OtherRule(row.rule, explanations.points(row.hundredths // 10))
        for row in rows
        if row.rule != chosen.rule and seen.number
    )
    return _detailed(chosen, others, seen)


def latest_moments(member: Member, seen: Seen = EVERYTHING) -> tuple[Moment, ...]:
    """Those of the newest score, for marks on the chart."""
    row = latest_row(member, seen)
    law = law_of(row.rule) if row else None
    if row is None or law is None:
        return ()
    rows = rows_of(row)
    return _seen(moments(row, rows, figures_of(row, rows), law), seen)


def _seen(found: tuple[Moment, ...], seen: Seen) -> tuple[Moment, ...]:
    """Without points where none are to be seen."""
    return found if seen.number else tuple(replace(one, tenths=None) for one in found)


def _detailed(score: Score, others: tuple[OtherRule, ...], seen: Seen) -> DetailedScore:
    rows, law, view = rows_of(score), law_of(score.rule), view_of(score, seen)
    figures = figures_of(score, rows)
    places = {row.pk: place for place, row in enumerate(rows)}
    # The view has the largest first, the rule took them in the order of their rows.
    accounts = tuple(
        _detail(score, row, added, places[row.pk], figures, law, seen)
        for row, added in zip(score.contributions.all(), view.contributions, strict=True)
    )
    found = moments(score, rows, figures, law) if law else ()
    return DetailedScore(view, accounts, others, _seen(found, seen))


def _detail(
    score: Score,
    row: Contribution,
    added: ContributionView,
    place: int,
    figures: Sequence[AccountFigures],
    law: Law | None,
    seen: Seen,
) -> AccountDetail:
    return AccountDetail(
        added=added,
        freshness=explanations.freshness(row.effective_on, score.on),
        weights=_weights(row),
        curve=_curve(row, place, figures, law) if law else None,
        suppositions=suppositions(figures, place, law) if law and seen.number else (),
    )


def _weights(row: Contribution) -> tuple[WeightBar, ...]:
    most = max(row.by_weight, default=0) or 1
    return tuple(
        WeightBar(label, people, round(100 * people / most, 1))
        for label, people in explanations.by_weight(row.by_weight)
    )


def _curve(
    row: Contribution, place: int, figures: Sequence[AccountFigures], law: Law
) -> ReachCurve | None:
    account = figures[place]
    if not account.is_counted or row.state == Contribution.State.NO_READING:
        return None
    pot = law.common_pot(figures)

    def reach(one: AccountFigures) -> int:
        return law.account_reach(one, granted=row.granted, pot=pot)

    return reach_curve(account, reach, name=row.platform_label)
