"""What of a score may stand where its owner shows it: the number, how sure, and as of when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from networks.models import LinkedAccount
from scoring.band import LEARNING_DAYS
from scoring.models import Score
from scoring.selectors.figures import preference

# A number leaves public places once it has stood still for so long.
LEAVES_AFTER = timedelta(days=90)
RULES_AT_ONCE = 8


@dataclass(frozen=True)
class PublicScore:
    """Whole points. No rank, no percentile and no parts: nobody else is beside it."""

    whole: int
    low: int
    high: int
    on: date
    rule: str
    days_of_data: int
    resting_since: datetime | None

    @property
    def still_learning(self) -> bool:
        return self.days_of_data < LEARNING_DAYS


def public_score(member: Member, now: datetime) -> PublicScore | None:
    """The newest score of a member that may be shown; one query."""
    return _newest(showable(now).filter(member=member))


def badge_score(address: str, now: datetime) -> PublicScore | None:
    """The score behind the address of a badge; one query, the same for unknown addresses."""
    return _newest(showable(now).filter(member__badge__address=address))


def showable(now: datetime) -> QuerySet[Score]:
    """Scores that may stand in public places, as far as their owners chose that; newer ones only.

    Of members who are here and do not rest for too long, with a network that was read and does
    not rest for too long either.
    """
    begun = now - LEAVES_AFTER
    is_heard = LinkedAccount.objects.filter(
        member=OuterRef("member"), first_read_done_at__isnull=False
    ).exclude(listening__resting_since__lte=begun)
    return Score.objects.filter(
        Q(member__resting_since=None) | Q(member__resting_since__gt=begun),
        Exists(is_heard),
        member__takes_part=True,
        on__gt=begun.date(),
    ).select_related("member")


def _newest(scores: QuerySet[Score]) -> PublicScore | None:
    row = _shown(scores.order_by("-on")[:RULES_AT_ONCE])
    if row is None:
        return None
    return PublicScore(
        whole=row.hundredths // 100,
        low=row.likely.low,
        high=row.likely.high,
        on=row.on,
        rule=row.rule,
        days_of_data=row.days_of_data,
        resting_since=row.member.resting_since,
    )


def _shown(rows: Iterable[Score]) -> Score | None:
    return max(rows, key=lambda row: (row.on, preference(row.rule, row.on)), default=None)
