"""What pages show of scores: prepared, in words and numbers, owner by owner."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import Member
from networks.models import LinkedAccount
from scoring import explanations
from scoring.band import LEARNING_DAYS
from scoring.charts import SonarChart, Source, sonar
from scoring.explanations import AccountDay, about, points
from scoring.models import Contribution, Score
from scoring.rule import EVERYONE_AT_MOST, LOWEST, ONE
from scoring.seen import EVERYTHING, MONDAY, Seen
from scoring.selectors.figures import preference

# More rules than these never score one day.
RULES_AT_ONCE = 8


@dataclass(frozen=True)
class ContributionView:
    """What one linked account added. `share` is its part of all points, 0 to 1.

    `tenths` is None where no points are to be seen.
    """

    platform: str
    platform_label: str
    handle: str
    state: str
    tenths: int | None
    share: float
    listens: int
    responded: int
    acts: int
    followers: int | None
    curation: int | None
    by_weight: tuple[tuple[str, int], ...]
    effective_on: date | None
    window: str
    sentence: str
    notes: tuple[str, ...]

    @property
    def points(self) -> str:
        return "" if self.tenths is None else points(self.tenths)

    @property
    def bar(self) -> float:
        """Width of the bar, 0 to 100."""
        return round(self.share * 100, 1)

    @property
    def is_heard(self) -> bool:
        return self.state != Contribution.State.NOT_READ


@dataclass(frozen=True)
class ScoreView:
    """One day's score: 1.0 to begin with and the contributions add up to `tenths` exactly.

    What its owner is not to see is None, and the texts made of it are empty.
    """

    on: date
    rule: str
    hundredths: int | None
    low: int | None
    high: int | None
    listens: int
    contributions: tuple[ContributionView, ...]
    days_of_data: int
    followers_as_of_today: bool
    cut_off_at: datetime
    computed_at: datetime

    @property
    def whole(self) -> int | None:
        return None if self.hundredths is None else self.hundredths // 100

    @property
    def tenths(self) -> str:
        return "" if self.hundredths is None else points(self.hundredths // 10)

    @property
    def begin(self) -> str:
        """What everybody has to begin with."""
        return points(LOWEST // 10)

    @property
    def added(self) -> str:
        """All points above the 1.0 to begin with."""
        return "" if self.hundredths is None else points((self.hundredths - LOWEST) // 10)

    @property
    def listens_about(self) -> str:
        return about(self.listens)

    @property
    def still_learning(self) -> bool:
        return self.days_of_data < LEARNING_DAYS

    @property
    def has_namesakes(self) -> bool:
        """Whether the name of the platform does not tell the accounts apart."""
        labels = {one.platform_label for one in self.contributions}
        return len(labels) < len(self.contributions)

    @property
    def sonar(self) -> SonarChart:
        sources = [Source(c.platform_label, c.share, c.is_heard) for c in self.contributions]
        return sonar(self.whole, self.low, self.high, sources)


def latest_score(member: Member, seen: Seen = EVERYTHING) -> ScoreView | None:
    """The newest score of a member who has an account that was read; None without one."""
    row = latest_row(member, seen)
    return None if row is None else view_of(row, seen)


def latest_row(member: Member, seen: Seen = EVERYTHING) -> Score | None:
    """The row of `latest_score`: by the rule in force, or by any other until that has scored."""
    if not LinkedAccount.objects.filter(member=member, first_read_done_at__isnull=False).exists():
        return None
    rows = list(newest_first(_with_parts(member), seen)[:RULES_AT_ONCE])
    return max(rows, key=lambda row: (row.on, preference(row.rule, row.on)), default=None)


def newest_first(scores: QuerySet[Score], seen: Seen) -> QuerySet[Score]:
    """Those that may be shown as the newest one, in that order (`Seen.newest_first` in SQL)."""
    allowed = scores.filter(on__lte=seen.until)
    if seen.is_weekly:
        allowed = allowed.filter(on__iso_week_day=MONDAY + 1)
    return allowed.order_by("-on")


def rows_on(member: Member, on: date) -> list[Score]:
    """The scores of one day by every rule, the one that was in force on that day first."""
    rows = _with_parts(member).filter(on=on)
    return sorted(rows, key=lambda row: preference(row.rule, on), reverse=True)


def _with_parts(member: Member) -> QuerySet[Score]:
    return Score.objects.filter(member=member).prefetch_related("contributions")


def view_of(
    score: Score, seen: Seen = EVERYTHING, parts: Iterable[Contribution] | None = None
) -> ScoreView:
    """One stored score, prepared for a page; `parts` are its contributions if they are at hand."""
    rows = list(score.contributions.all() if parts is None else parts)
    return _veiled(_view_of(score, rows), seen)


def _view_of(score: Score, rows: list[Contribution]) -> ScoreView:
    whole = _Whole(score.on, sum(row.tenths for row in rows), pot_of(rows))
    return ScoreView(
        on=score.on,
        rule=score.rule,
        hundredths=score.hundredths,
        low=score.likely.low,
        high=score.likely.high,
        listens=round(score.reach / ONE),
        contributions=tuple(_contribution(row, whole) for row in rows),
        days_of_data=score.days_of_data,
        followers_as_of_today=score.backfilled,
        cut_off_at=score.cut_off_at,
        computed_at=score.computed_at,
    )


def _veiled(view: ScoreView, seen: Seen) -> ScoreView:
    """Without what is not to be seen."""
    if not seen.number:
        parts = tuple(replace(part, tenths=None) for part in view.contributions)
        view = replace(view, hundredths=None, contributions=parts)
    return view if seen.band else replace(view, low=None, high=None)


@dataclass(frozen=True)
class _Whole:
    """What a contribution is a part of."""

    on: date
    tenths: int
    pot: int


def pot_of(rows: Iterable[Contribution]) -> int:
    """What everybody who responded adds to the account that has the grant (`rule.common_pot`)."""
    return min(EVERYONE_AT_MOST, sum(row.everyone for row in rows if row.fills_the_pot))


def account_day(row: Contribution, pot: int) -> AccountDay:
    """What sentences take of one account and day."""
    return AccountDay(
        platform=row.platform,
        platform_label=row.platform_label,
        handle=row.handle,
        state=row.state,
        tenths=row.tenths,
        reach=row.reach,
        audience=row.audience,
        curation=row.curation,
        response=row.response,
        granted=row.granted,
        acts=row.acts,
        people=row.people,
        effective_on=row.effective_on,
        pot=pot,
        clock_on=row.clock_on,
    )


def _contribution(row: Contribution, whole: _Whole) -> ContributionView:
    figures = account_day(row, whole.pot)
    return ContributionView(
        platform=row.platform,
        platform_label=row.platform_label,
        handle=row.handle,
        state=row.state,
        tenths=row.tenths,
        share=row.tenths / whole.tenths if whole.tenths else 0.0,
        listens=figures.listeners,
        responded=row.people,
        acts=row.acts,
        followers=row.audience,
        curation=row.curation,
        by_weight=explanations.by_weight(row.by_weight),
        effective_on=row.effective_on,
        window=explanations.window(row.effective_on),
        sentence=explanations.account_sentence(figures, whole.on),
        notes=explanations.notes(figures),
    )
