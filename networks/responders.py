"""Who responded to a member lately: numbers of people, and those who may be found here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from accounts.models import Member
from accounts.names import initials_of
from networks.models import Reaction
from networks.registry import PLATFORMS
from networks.selectors import findable_to

WEEKS = 4
MEMBERS_SHOWN = 20

# Distinct people by platform and week, by platform, and in all; then those of several weeks.
_PEOPLE = """
    WITH heard AS (
        SELECT a.platform, r.responder_hash,
            date_trunc('week', r.happened_at AT TIME ZONE 'UTC')::date AS week
        FROM networks_reaction r JOIN networks_linkedaccount a ON a.id = r.account_id
        WHERE a.member_id = %(member)s AND r.happened_at >= %(since)s AND r.happened_at <= %(now)s
            AND r.responder_hash NOT IN (
                SELECT person_hash FROM networks_linkedaccount WHERE member_id = %(member)s)
    )
    SELECT platform, week, count(DISTINCT responder_hash) FROM heard
    GROUP BY GROUPING SETS ((platform, week), (platform), ())
  UNION ALL
    SELECT '', NULL, count(*) FROM (
        SELECT FROM heard GROUP BY responder_hash HAVING count(DISTINCT week) > 1) several
"""


@dataclass(frozen=True)
class PlatformWeeks:
    """Distinct people on one platform by week, the oldest week first, and in all of them."""

    label: str
    by_week: tuple[int, ...]
    people: int


@dataclass(frozen=True)
class Responded:
    """`weeks` are the Mondays (UTC) of the weeks, this one last and not over yet.

    `people` responded in these weeks on any network, `again` of them in more than one week.
    """

    weeks: tuple[date, ...]
    platforms: tuple[PlatformWeeks, ...]
    people: int
    again: int


@dataclass(frozen=True)
class Responder:
    """A member who said that they may be found by the handle with which they responded."""

    name: str
    handle: str
    platform: str
    member_address: str
    times: int
    latest_at: datetime

    @property
    def initials(self) -> str:
        return initials_of(self.name)


def responded(member: Member, now: datetime) -> Responded:
    """Who responded in this week and the three before it, as numbers; one query."""
    today = now.astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday())
    weeks = tuple(monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1))
    counted: dict[str | None, dict[date | None, int]] = defaultdict(dict)
    for platform, week, people in _counted(member, weeks[0], now):
        counted[platform][week] = people
    everybody, again = counted.pop(None, {}), counted.pop("", {})
    platforms = (_platform(name, by_week, weeks) for name, by_week in counted.items() if name)
    return Responded(
        weeks=weeks,
        platforms=tuple(sorted(platforms, key=lambda one: (-one.people, one.label))),
        people=everybody.get(None, 0),
        again=again.get(None, 0),
    )


def _counted(
    member: Member, first: date, now: datetime
) -> list[tuple[str | None, date | None, int]]:
    since = datetime.combine(first, time.min, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"member": member.pk, "since": since, "now": now})
        return list(cursor.fetchall())


def _platform(name: str, by_week: dict[date | None, int], weeks: Sequence[date]) -> PlatformWeeks:
    people = tuple(by_week.get(week, 0) for week in weeks)
    return PlatformWeeks(PLATFORMS[name].label, people, by_week[None])


def members_who_responded(
    member: Member, since: datetime, not_found: QuerySet[Any, Any]
) -> list[Responder]:
    """Those among the responders who may be found by this member, the latest first; one query.

    `not_found`: ids of members who are not to be found whatever they said of their handles.
    """
    reactions = Reaction.objects.filter(account__member=member, happened_at__gte=since)
    theirs = reactions.filter(responder_hash=OuterRef("person_hash")).order_by()
    by_person = theirs.values("responder_hash").annotate(n=Count("pk"), latest=Max("happened_at"))
    found = (
        findable_to(member, not_found)
        .filter(person_hash__in=reactions.values("responder_hash"))
        .annotate(
            times=Subquery(by_person.values("n")), latest_at=Subquery(by_person.values("latest"))
        )
        .select_related("member")
        .order_by("-latest_at", "pk")
    )
    return [
        Responder(
            name=account.member.name,
            handle=account.handle,
            platform=account.platform_label,
            member_address=account.member.address,
            times=account.times,
            latest_at=account.latest_at,
        )
        for account in found[:MEMBERS_SHOWN]
    ]
