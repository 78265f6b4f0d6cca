"""What was read of accounts, as the rhythm takes it: a few queries for any number of accounts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from networks.listening_models import Rest
from networks.models import LinkedAccount
from networks.sonobuoy.rhythm import WINDOW_DAYS, Span
from networks.sonobuoy.states import LATE_AFTER_PERIODS

# The posts of the window up to the last post of each account, by UTC day.
POSTS_SQL = """
    SELECT asked.id, last.posted_at, (p.posted_at AT TIME ZONE 'UTC')::date, count(*)
    FROM unnest(%(accounts)s::bigint[]) AS asked (id)
    CROSS JOIN LATERAL (
        SELECT posted_at FROM networks_post
        WHERE account_id = asked.id ORDER BY posted_at DESC LIMIT 1
    ) last
    JOIN networks_post p ON p.account_id = asked.id AND p.posted_at > last.posted_at - %(window)s
    GROUP BY 1, 2, 3
"""
# From one good read to the next, where that took longer than the account's patience.
OUTAGES_SQL = """
    SELECT id, before, started_at FROM (
        SELECT asked.id, p.started_at, asked.patience,
               coalesce(lag(p.started_at) OVER (PARTITION BY asked.id ORDER BY p.started_at),
                        asked.begins_at) AS before
        FROM unnest(%(accounts)s::bigint[], %(begins)s::timestamptz[], %(patience)s::interval[])
             AS asked (id, begins_at, patience)
        JOIN networks_poll p ON p.account_id = asked.id
             AND p.started_at >= asked.begins_at AND p.outcome = 'good'
    ) reads
    WHERE started_at - before > patience
    ORDER BY id, before
"""


@dataclass
class Heard:
    """Of one account: posts by UTC day, the last one, and what does not count."""

    posts: dict[date, int] = field(default_factory=dict)
    spoke_at: datetime | None = None
    rests: list[Span] = field(default_factory=list)
    outages: list[Span] = field(default_factory=list)


def heard(accounts: Sequence[LinkedAccount], now: datetime) -> dict[int, Heard]:
    """By account, each up to its last good read. Three queries."""
    found: dict[int, Heard] = {account.pk: Heard() for account in accounts}
    window = timedelta(days=WINDOW_DAYS)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"accounts": list(found), "window": window}
        cursor.execute(POSTS_SQL, values)
        for account_id, spoke_at, day, posts in cursor.fetchall():
            found[account_id].spoke_at = spoke_at
            found[account_id].posts[day] = posts
    begins = {pk: each.spoke_at - window for pk, each in found.items() if each.spoke_at}
    for account_id, span in outages(accounts, begins):
        found[account_id].outages.append(span)
    for account_id, rest in rests_of(accounts, now):
        found[account_id].rests.append(rest)
    return found


def outages(
    accounts: Iterable[LinkedAccount], begins: Mapping[int, datetime]
) -> list[tuple[int, Span]]:
    """(account, time without a good read) since `begins`, up to the last good read.

    Before its first good read an account was read back, so nothing is missing there.
    """
    asked = [
        (account.pk, max(begins[account.pk], account.first_read_done_at), account.poll_every)
        for account in accounts
        if account.first_read_done_at and account.pk in begins
    ]
    values: dict[str, Any] = {
        "accounts": [account_id for account_id, _, _ in asked],
        "begins": [begin for _, begin, _ in asked],
        "patience": [LATE_AFTER_PERIODS * every for _, _, every in asked],
    }
    with connection.cursor() as cursor:
        cursor.execute(OUTAGES_SQL, values)
        return [(account_id, Span(start, end)) for account_id, start, end in cursor.fetchall()]


def rests_of(accounts: Iterable[LinkedAccount], now: datetime) -> list[tuple[int, Span]]:
    """(account, rest), the member's own included; one that lasts goes up to now."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    for account in accounts:
        members[account.member_id].append(account.pk)
    ids = [pk for each in members.values() for pk in each]
    rests = Rest.objects.filter(
        Q(account__in=ids) | Q(account=None, member__in=members), began_at__lte=now
    ).order_by("began_at", "pk")
    return [
        (account_id, Span(rest.began_at, rest.ended_at or now))
        for rest in rests
        for account_id in ([rest.account_id] if rest.account_id else members[rest.member_id])
    ]
