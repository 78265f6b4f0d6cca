"""Into PostgreSQL: COPY into staging tables, one upsert, all in the caller's transaction.

A reader sees the scores of before or those of after, never a part. Members and accounts that
went away meanwhile are passed over; one that goes in this very moment makes an IntegrityError,
after which the caller stores the same files again.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

from scoring.services.compute import Computed

TRIES = 3

STAGING_SQL = """
    CREATE TEMP TABLE staged_scores (
        member_id bigint, "on" date, rule text, hundredths int, low_hundredths int,
        high_hundredths int, reach bigint, days_of_data int
    ) ON COMMIT DROP;
    CREATE TEMP TABLE staged_contributions (
        member_id bigint, "on" date, rule text, account_id bigint, platform text, handle text,
        state text, tenths int, reach bigint, audience bigint, curation bigint, response bigint,
        response_squares bigint, everyone bigint, granted boolean, acts int, people int,
        by_weight int[], tally int[], effective_on date
    ) ON COMMIT DROP;
    CREATE TEMP TABLE alive (account_id bigint) ON COMMIT DROP;
    CREATE TEMP TABLE written (
        score_id bigint, member_id bigint, "on" date, rule text
    ) ON COMMIT DROP;
"""
# Accounts before anything that points to them, in the order in which unlinking locks.
ALIVE_SQL = """
    INSERT INTO alive SELECT id FROM networks_linkedaccount
    WHERE id IN (SELECT account_id FROM staged_contributions) ORDER BY id FOR KEY SHARE
"""
# What is older than the day it is computed on is history: it is written once and then left. A
# newer score of the same day (a later cut-off) is left as well.
SCORES_SQL = """
    WITH upserted AS (
        INSERT INTO scoring_score (
            member_id, "on", rule, hundredths, low_hundredths, high_hundredths, reach, days_of_data,
            cut_off_at, computed_at, backfilled
        )
        SELECT s.member_id, s."on", s.rule, s.hundredths, s.low_hundredths,
               s.high_hundredths, s.reach, s.days_of_data, %(cut_off)s, %(now)s,
               coalesce(s."on" < %(backfilled_before)s::date, false)
        FROM staged_scores s JOIN accounts_member m ON m.id = s.member_id AND m.takes_part
        ORDER BY s.member_id, s."on", s.rule
        ON CONFLICT ON CONSTRAINT one_score_per_member_day_and_rule DO UPDATE SET
            hundredths = excluded.hundredths, low_hundredths = excluded.low_hundredths,
            high_hundredths = excluded.high_hundredths,
            reach = excluded.reach, days_of_data = excluded.days_of_data,
            cut_off_at = excluded.cut_off_at, computed_at = excluded.computed_at
        WHERE scoring_score.cut_off_at <= excluded.cut_off_at
          AND NOT excluded.backfilled AND NOT scoring_score.backfilled
        RETURNING id, member_id, "on", rule
    )
    INSERT INTO written SELECT id, member_id, "on", rule FROM upserted
"""
OLD_CONTRIBUTIONS_SQL = """
    DELETE FROM scoring_contribution WHERE score_id IN (SELECT score_id FROM written)
"""
CONTRIBUTIONS_SQL = """
    INSERT INTO scoring_contribution (
        score_id, account_id, platform, handle, state, tenths, reach, audience, curation,
        response, response_squares, everyone, granted, acts, people, by_weight, tally,
        effective_on
    )
    SELECT w.score_id, a.account_id, s.platform, s.handle, s.state, s.tenths, s.reach, s.audience,
           s.curation, s.response, s.response_squares, s.everyone, s.granted, s.acts, s.people,
           s.by_weight, s.tally, s.effective_on
    FROM staged_contributions s
    JOIN written w ON w.member_id = s.member_id AND w."on" = s."on" AND w.rule = s.rule
    LEFT JOIN alive a ON a.account_id = s.account_id
    ORDER BY w.score_id, s.account_id
"""


def store(
    done: Computed,
    *,
    cut_off_at: datetime,
    now: datetime,
    backfilled_before: date | None = None,
    with_it: Callable[[], object],
) -> None:
    """Store what was computed and do `with_it` in the same transaction.

    Rows of days before `backfilled_before` are history computed later.
    """
    values = {
        "cut_off": cut_off_at,
        "now": now,
        "backfilled_before": backfilled_before,
    }
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                with done.phase("write") as noted:
                    noted["rows"] = _upsert(done, values)
                with_it()
            return
        except (IntegrityError, OperationalError):
            if not tries_left:
                raise


def _upsert(done: Computed, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(STAGING_SQL)
        for table, path in (
            ("staged_scores", done.scores_file),
            ("staged_contributions", done.contributions_file),
        ):
            with path.open() as file:
                cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT csv)", file)
        cursor.execute(ALIVE_SQL)
        cursor.execute(SCORES_SQL, values)
        cursor.execute(OLD_CONTRIBUTIONS_SQL)
        cursor.execute(CONTRIBUTIONS_SQL)
        rows: int = cursor.rowcount
        # Here and not at the end of an outer transaction: the next call makes them anew.
        cursor.execute("DROP TABLE staged_scores, staged_contributions, alive, written")
        return rows
