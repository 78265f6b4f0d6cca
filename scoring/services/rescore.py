"""The score of single members, without waiting for the night."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import Max, Min

from networks.models import LinkedAccount
from scoring.inputs import Wanted
from scoring.models import ScoringState
from scoring.rule import WINDOW_DAYS
from scoring.services.compute import computed
from scoring.services.store import store
from scoring.services.workplace import passing_workplace

# How long a claimed member is left alone. A rescore may take longer: then a lock says that
# somebody is at it. If we die PostgreSQL frees the lock, and another takes it up after the lease.
LEASE = timedelta(seconds=30)
# The lock of one member is this number and the member's: "resc" in ASCII.
RESCORE_LOCK = int.from_bytes(b"resc", "big")
LONGEST_WAIT = timedelta(hours=12)
KEYS = ("id", "member")

STATES_SQL = """
    INSERT INTO scoring_scoringstate (member_id, accounts, next_try_at, failures, problem)
    SELECT DISTINCT a.member_id, ARRAY[]::bigint[], %(now)s::timestamptz, 0, ''
    FROM networks_linkedaccount a
    WHERE a.first_read_done_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM scoring_scoringstate s WHERE s.member_id = a.member_id)
    ON CONFLICT (member_id) DO NOTHING
"""
DUE_SQL = """
    SELECT s.member_id FROM scoring_scoringstate s
    JOIN accounts_member m ON m.id = s.member_id AND m.takes_part
    -- Further ahead than any wait is what a clock wrote that was wrong.
    WHERE (s.next_try_at <= %(now)s OR s.next_try_at > %(too_far)s) AND EXISTS (
        SELECT FROM networks_linkedaccount a
        WHERE a.member_id = s.member_id AND a.first_read_done_at IS NOT NULL
          AND (
            s.history_done_at IS NULL OR a.changed_at > s.seen_change_at
            OR NOT a.id = ANY(s.accounts)
          )
    )
    ORDER BY s.next_try_at LIMIT %(limit)s FOR UPDATE OF s SKIP LOCKED
"""
# What a poll read since counts from the next night on; only other accounts make another score.
NOTHING_NEW_SQL = """
    UPDATE scoring_scoringstate s SET seen_change_at = now_is.changed_at
    FROM (
        SELECT a.member_id, array_agg(a.id ORDER BY a.id) AS accounts,
               max(a.changed_at) AS changed_at
        FROM networks_linkedaccount a
        WHERE a.first_read_done_at IS NOT NULL AND a.member_id = ANY(%(members)s)
        GROUP BY a.member_id
    ) now_is
    WHERE s.member_id = now_is.member_id AND s.accounts = now_is.accounts
      AND s.history_done_at IS NOT NULL
    RETURNING s.member_id
"""


def claim_due(now: datetime, limit: int = 50) -> list[int]:
    """Members with an account that was read first, or unlinked, since they were scored.

    They are ours for ten minutes.
    """
    values: dict[str, datetime | int] = {"now": now, "limit": limit}
    values["too_far"] = now + LONGEST_WAIT
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STATES_SQL, values)
        cursor.execute(DUE_SQL, values)
        touched = [row[0] for row in cursor.fetchall()]
        cursor.execute(NOTHING_NEW_SQL, {"members": touched})
        nothing_new = {row[0] for row in cursor.fetchall()}
        members = [member for member in touched if member not in nothing_new]
        ScoringState.objects.filter(member__in=members).update(next_try_at=now + LEASE)
    return members


def rescore_due(now: datetime) -> None:
    """Rescore some of those who are due and whom nobody else is at."""
    with _not_at_work_elsewhere(claim_due(now)) as members:
        rescore(members, now)


@contextmanager
def _not_at_work_elsewhere(members: Sequence[int]) -> Iterator[list[int]]:
    """Those of them whose lock was free; it is held on this database session."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::bigint[]) AS id"
            " WHERE pg_try_advisory_lock(%s, (id & 2147483647)::int)",
            [list(members), RESCORE_LOCK],
        )
        mine = [row[0] for row in cursor.fetchall()]
    try:
        yield mine
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_unlock(%s, (id & 2147483647)::int)"
                " FROM unnest(%s::bigint[]) AS id",
                [RESCORE_LOCK, mine],
            )


@dataclass(frozen=True)
class _Accounts:
    """A member's accounts that were read, as they were when a rescore began."""

    ids: list[int]
    linked_at: datetime
    opened_at: datetime | None
    changed_at: datetime | None


def rescore(member_ids: Iterable[int], now: datetime) -> None:
    """Compute today's score again; the first time also the 90 days up to today.

    History holds whole windows only: a day is computed if all of the member's accounts could be
    read back to the beginning of its window. Days that have a score keep it.
    """
    today = now.astimezone(UTC).date()
    accounts = _read_accounts(list(member_ids))
    for days, members in _by_days(accounts, today).items():
        together = {member: accounts[member] for member in members}
        _rescore(Wanted([*days, today], now, members), together, now)


def _read_accounts(members: Sequence[int]) -> dict[int, _Accounts]:
    rows = (
        LinkedAccount.objects.filter(member__in=members, first_read_done_at__isnull=False)
        .order_by("member")
        .values("member")
        .annotate(
            ids=ArrayAgg("id", order_by="id"),
            linked=Max("linked_at"),
            opened=Min("opened_at"),
            changed=Max("changed_at"),
        )
    )
    return {
        row["member"]: _Accounts(row["ids"], row["linked"], row["opened"], row["changed"])
        for row in rows
    }


def _by_days(accounts: Mapping[int, _Accounts], today: date) -> dict[tuple[date, ...], list[int]]:
    """Members put together by the days of history that are to be computed for them."""
    has_history = set(
        ScoringState.objects.filter(
            member__in=list(accounts), history_done_at__isnull=False
        ).values_list("member", flat=True)
    )
    together: dict[tuple[date, ...], list[int]] = {}
    for member, read in accounts.items():
        days = () if member in has_history else _whole_days(read, today)
        together.setdefault(days, []).append(member)
    return together


def _whole_days(accounts: _Accounts, today: date) -> tuple[date, ...]:
    """The days before today in the chart whose whole window the back-fill reaches.

    Nobody is scored for days before the first of the accounts was opened.
    """
    read_from = accounts.linked_at.astimezone(UTC).date() - timedelta(days=settings.BACKFILL_DAYS)
    earliest = max(today - timedelta(days=WINDOW_DAYS - 1), read_from + timedelta(days=WINDOW_DAYS))
    if accounts.opened_at:
        earliest = max(earliest, accounts.opened_at.astimezone(UTC).date() + timedelta(days=1))
    return tuple(earliest + timedelta(days=n) for n in range((today - earliest).days))


def _rescore(wanted: Wanted, accounts: Mapping[int, _Accounts], now: datetime) -> None:
    try:
        with passing_workplace() as place, computed(wanted, place) as done:
            store(
                done,
                cut_off_at=wanted.cut_off_at,
                now=now,
                backfilled_before=wanted.days[-1],
                with_it=partial(_remember, accounts, done.set_aside, now),
            )
    except Exception as error:
        _postpone(list(accounts), f"{type(error).__name__}: {error}", now)
        raise


def _remember(accounts: Mapping[int, _Accounts], set_aside: list[int], now: datetime) -> None:
    states = [
        ScoringState(
            member_id=member,
            accounts=read.ids,
            seen_change_at=read.changed_at or now,
            history_done_at=now,
            next_try_at=now,
        )
        for member, read in accounts.items()
        if member not in set_aside
    ]
    fields = [field.name for field in ScoringState._meta.fields if field.name not in KEYS]
    ScoringState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["member"], update_fields=fields
    )
    _postpone(set_aside, "data in disorder", now)


def _postpone(members: Sequence[int], problem: str, now: datetime) -> None:
    """Wait twice as long after each failure, from a minute to twelve hours."""
    states = list(ScoringState.objects.filter(member__in=members))
    for state in states:
        state.next_try_at = now + min(LONGEST_WAIT, timedelta(minutes=2 ** min(state.failures, 12)))
        state.failures += 1
        state.problem = problem
    ScoringState.objects.bulk_update(states, ["next_try_at", "failures", "problem"])
