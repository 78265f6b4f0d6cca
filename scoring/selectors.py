"""What pages show of scores: prepared, in words and numbers, owner by owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, QuerySet

from accounts.models import Member
from networks.models import LinkedAccount, Reaction
from networks.registry import PLATFORMS
from scoring import explanations
from scoring.band import LEARNING_DAYS
from scoring.charts import DayScore, SonarChart, Source, sonar
from scoring.explanations import about, points
from scoring.models import Contribution, Score
from scoring.rule import EVERYONE_AT_MOST, LOWEST, ONE, RULE_VERSION

HISTORY_DAYS = 90


@dataclass(frozen=True)
class ContributionView:
    """What one linked account added. `share` is its part of all points, 0 to 1."""

    platform: str
    platform_label: str
    handle: str
    state: str
    tenths: int
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
        return points(self.tenths)

    @property
    def bar(self) -> float:
        """Width of the bar, 0 to 100."""
        return round(self.share * 100, 1)

    @property
    def is_heard(self) -> bool:
        return self.state != Contribution.State.NOT_READ


@dataclass(frozen=True)
class ScoreView:
    """One day's score: 1.0 to begin with and the contributions add up to `tenths` exactly."""

    on: date
    rule: str
    hundredths: int
    low: int
    high: int
    listens: int
    contributions: tuple[ContributionView, ...]
    days_of_data: int
    followers_as_of_today: bool
    cut_off_at: datetime
    computed_at: datetime

    @property
    def whole(self) -> int:
        return self.hundredths // 100

    @property
    def tenths(self) -> str:
        return points(self.hundredths // 10)

    @property
    def added(self) -> str:
        """All points above the 1.0 to begin with."""
        return points((self.hundredths - LOWEST) // 10)

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


@dataclass(frozen=True)
class NoScore:
    """Why there is no score yet, and the one thing that can be done, if any."""

    title: str
    sentence: str
    account_id: int | None = None
    can_link: bool = False


def latest_score(member: Member) -> ScoreView | None:
    """The newest score of a member who has an account that was read; None without one."""
    if not _read_accounts(member).exists():
        return None
    return _view(_scores(member).order_by("-on").first())


def score_on(member: Member, on: date) -> ScoreView | None:
    return _view(_scores(member).filter(on=on).first())


def why_no_score(member: Member) -> NoScore:
    """For a member without a score: nothing linked, the first read, or a moment's patience."""
    accounts = list(member.linked_accounts.all())
    if not accounts:
        return NoScore(
            "No network linked yet",
            "Link a network where you talk, and your score is here a moment after it is read.",
            can_link=True,
        )
    unread = next((one for one in accounts if one.first_read_done_at is None), None)
    if unread and unread.last_problem:
        return NoScore(
            f"{unread.handle} could not be read yet",
            "What happened, and what can be done, is on its page. Nothing that was read is lost.",
            account_id=unread.pk,
        )
    if unread:
        return NoScore(
            f"{unread.handle} is being read for the first time",
            "We read back as far as it lets us. Your score is here as soon as that is done.",
            account_id=unread.pk,
        )
    return NoScore("Your first score is being computed", "It is here within a minute.")


def history(
    member: Member, days: int = HISTORY_DAYS, *, until: date | None = None
) -> list[DayScore]:
    """The scores of the last `days` days up to `until` (or the newest), oldest first."""
    scores = _scores(member)
    if until is None:
        newest = scores.order_by("-on").values_list("on", flat=True).first()
        if newest is None:
            return []
        until = newest
    rows = scores.filter(on__gt=until - timedelta(days=days), on__lte=until).order_by("on")
    return [DayScore(row.on, row.hundredths, row.likely, row.rule, row.backfilled) for row in rows]


@dataclass(frozen=True)
class HistoryRow:
    """A day with a score, or days in a row without (`score` is None)."""

    on: date
    score: DayScore | None = None
    until: date | None = None


def history_rows(days: Sequence[DayScore]) -> list[HistoryRow]:
    """The newest day first; the days without a score between two others as one row."""
    rows: list[HistoryRow] = []
    for one in reversed(days):
        if rows and (rows[-1].on - one.on).days > 1:
            gap = (one.on + timedelta(days=1), rows[-1].on - timedelta(days=1))
            rows.append(HistoryRow(gap[0], until=gap[1]))
        rows.append(HistoryRow(one.on, one))
    return rows


def week_sentence(member: Member, *, until: date | None = None) -> str:
    """The sentence on the seven days before the newest score; empty without one."""
    if until is None:
        until = _scores(member).order_by("-on").values_list("on", flat=True).first()
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
    labels = [(PLATFORMS[row["account__platform"]].label, row["people"]) for row in rows]
    return explanations.week_sentence(labels)


def _read_accounts(member: Member) -> QuerySet[LinkedAccount]:
    return LinkedAccount.objects.filter(member=member, first_read_done_at__isnull=False)


def _scores(member: Member) -> QuerySet[Score]:
    return Score.objects.filter(member=member, rule=RULE_VERSION)


def _view(score: Score | None) -> ScoreView | None:
    if score is None:
        return None
    rows = list(score.contributions.all())
    whole = _Whole(
        on=score.on,
        tenths=sum(row.tenths for row in rows),
        pot=min(EVERYONE_AT_MOST, sum(row.everyone for row in rows if row.fills_the_pot)),
    )
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


@dataclass(frozen=True)
class _Whole:
    """What a contribution is a part of."""

    on: date
    tenths: int
    pot: int


def _contribution(row: Contribution, whole: _Whole) -> ContributionView:
    figures = explanations.AccountDay(
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
        pot=whole.pot,
    )
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
