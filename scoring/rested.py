"""Rests that are over: their days are taken out of the calendar of an account.

An account that rested goes on where it stood: what was received before is as old as it was on the
day on which the rest began, and grows older from its end on. To the rule it looks as if everything
before the rest had happened later by as many days as it lasted. What came while it lasted counts
for nothing, neither then nor later, or a rest would gather up a year of responses in one window.

A rest may be longer than all that a night looks back on, so the reactions of these accounts, which
are few, are read from PostgreSQL over a window of their own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

# Whole days only: those after the one on which it began, up to the one on which it ended. Of an
# account of which no rest ended in the window nothing can be left that was moved.
RESTS_SQL = """
    WITH ended AS (
        SELECT a.id AS account_id,
               (r.began_at AT TIME ZONE 'UTC')::date + 1 - %(epoch)s AS from_day,
               (r.ended_at AT TIME ZONE 'UTC')::date - %(epoch)s AS to_day
        FROM networks_rest r JOIN networks_linkedaccount a
             ON a.id = r.account_id OR (r.account_id IS NULL AND a.member_id = r.member_id)
        WHERE r.ended_at <= %(cut_off)s AND {of_members}
    )
    SELECT account_id, from_day, to_day FROM ended
    WHERE from_day < to_day AND account_id IN (
        SELECT account_id FROM ended WHERE to_day > %(since)s
    )
    ORDER BY account_id, from_day
"""
# For a query: the days of rest of each account, as two arrays.
SPANS = """
    spans AS (
        SELECT account_id, array_agg(from_day) AS froms, array_agg(to_day) AS tos
        FROM unnest(%(rested)s::bigint[], %(froms)s::bigint[], %(tos)s::bigint[])
             AS rested (account_id, from_day, to_day)
        GROUP BY account_id
    )
"""


def moved(day: str) -> str:
    """SQL for a day as the account's own calendar has it; `spans` may be missing (null)."""
    return f"""(
        ({day}) + CASE WHEN spans.account_id IS NULL THEN 0 ELSE (
            SELECT coalesce(sum(rest.to_day - greatest(rest.from_day, ({day}))), 0)
            FROM unnest(spans.froms, spans.tos) AS rest (from_day, to_day)
            WHERE rest.to_day > ({day})
        ) END
    )"""  # noqa: S608


def rested_on(day: str) -> str:
    """SQL for whether the account rested on that day."""
    return f"""EXISTS (
        SELECT FROM unnest(spans.froms, spans.tos) AS rest (from_day, to_day)
        WHERE rest.from_day <= ({day}) AND ({day}) < rest.to_day
    )"""


@dataclass(frozen=True)
class Rested:
    """Days of rest, [from, to) without overlaps, by account; days as in `inputs`."""

    spans: Sequence[tuple[int, int, int]] = ()

    @property
    def accounts(self) -> list[int]:
        return list(dict.fromkeys(account_id for account_id, _, _ in self.spans))

    @property
    def longest(self) -> int:
        """The most days that any of these accounts rested."""
        days: Counter[int] = Counter()
        for account_id, from_day, to_day in self.spans:
            days[account_id] += to_day - from_day
        return max(days.values(), default=0)

    @property
    def values(self) -> dict[str, Any]:
        """For a query with SPANS."""
        return {
            "rested": [account_id for account_id, _, _ in self.spans],
            "froms": [from_day for _, from_day, _ in self.spans],
            "tos": [to_day for _, _, to_day in self.spans],
        }


def rested(cut_off_at: datetime, since: int, epoch: date, members: Sequence[int] | None) -> Rested:
    """The accounts of which a rest ended after the day `since`, with all of their rests."""
    of_members = "true" if members is None else "a.member_id = ANY(%(members)s)"
    values: dict[str, Any] = {
        "cut_off": cut_off_at,
        "since": since,
        "epoch": epoch,
        "members": list(members or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(RESTS_SQL.format(of_members=of_members), values)
        return Rested(list(without_overlaps(cursor.fetchall())))


def without_overlaps(spans: Iterable[tuple[int, int, int]]) -> Iterable[tuple[int, int, int]]:
    """The same days, each once; in order of account and beginning."""
    last: tuple[int, int, int] | None = None
    for account_id, from_day, to_day in spans:
        if last and last[0] == account_id and from_day <= last[2]:
            last = (account_id, last[1], max(last[2], to_day))
            continue
        if last:
            yield last
        last = (account_id, from_day, to_day)
    if last:
        yield last
