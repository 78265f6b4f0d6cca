"""Into PostgreSQL: scores by one upsert, contributions by COPY, all in one transaction.

A reader sees the scores of before or those of after, never a part. Members and accounts that
went away meanwhile are passed over; one that goes in this very moment makes an IntegrityError,
after which the caller stores the same files again.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import IntegrityError, OperationalError, connection, transaction
from pyarrow import csv

from scoring.columns import Whole
from scoring.services.compute import Computed
from scoring.services.telling import tell_new_scores

TRIES = 3

STAGING_SQL = """
    CREATE TEMP TABLE staged_scores (
        member_id bigint, "on" date, rule text, hundredths int, low_hundredths int,
        high_hundredths int, reach bigint, days_of_data int
    ) ON COMMIT DROP;
    CREATE TEMP TABLE written (
        score_id bigint, member_id bigint, "on" date, rule text, is_new boolean
    ) ON COMMIT DROP;
"""
SCORE_COLUMNS = (
    'member_id, "on", rule, hundredths, low_hundredths, high_hundredths, reach, days_of_data'
)
# Accounts before anything that points to them, in the order in which unlinking locks.
ALIVE_SQL = """
    SELECT id FROM networks_linkedaccount WHERE id = ANY(%(accounts)s) ORDER BY id FOR KEY SHARE
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
        RETURNING id, member_id, "on", rule, xmax = 0 AS is_new
    )
    INSERT INTO written SELECT id, member_id, "on", rule, is_new FROM upserted
"""
OLD_CONTRIBUTIONS_SQL = """
    DELETE FROM scoring_contribution
    WHERE score_id IN (SELECT score_id FROM written WHERE NOT is_new)
"""
WRITTEN_SQL = """
    SELECT member_id, score_id FROM written WHERE "on" = %(on)s AND rule = %(rule)s ORDER BY 1
"""
CONTRIBUTION_COLUMNS = (
    "score_id, account_id, platform, handle, state, tenths, reach, audience, curation, response, "
    "response_squares, everyone, granted, acts, people, by_weight, tally, effective_on, clock_on"
)


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
                with done.phases.phase("write") as phase:
                    phase.add_rows(_upsert(done, values))
                with_it()
            return
        except (IntegrityError, OperationalError):
            if not tries_left:
                raise


def _upsert(done: Computed, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(STAGING_SQL)
        scores, contributions = pq.ParquetFile(done.scores_file), done.contributions_file
        _copy(cursor, f"staged_scores ({SCORE_COLUMNS})", scores.iter_batches())
        alive = _alive(cursor, contributions)
        cursor.execute(SCORES_SQL, values)
        cursor.execute(OLD_CONTRIBUTIONS_SQL)
        rows = _copy(
            cursor,
            f"scoring_contribution ({CONTRIBUTION_COLUMNS})",
            _written(cursor, contributions, alive),
        )
        tell_new_scores(values["cut_off"], values["now"])
        # Here and not at the end of an outer transaction: the next call makes them anew.
        cursor.execute("DROP TABLE staged_scores, written")
        return rows


def _alive(cursor: Any, contributions: Path) -> Whole:
    """The accounts that are still there, in order, which stay until the transaction ends."""
    accounts = pq.read_table(contributions, columns=["account_id"])["account_id"].unique()
    cursor.execute(ALIVE_SQL, {"accounts": accounts.to_pylist()})
    return np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)


def _written(cursor: Any, contributions: Path, alive: Whole) -> Iterator[pa.RecordBatch]:
    """The contributions of scores that were written, with their ids."""
    file = pq.ParquetFile(contributions)
    scores: dict[tuple[date, str], tuple[Whole, Whole]] = {}
    for group in range(file.num_row_groups):
        # Each holds one day by one version: they were written so.
        table = file.read_row_group(group)
        key = (table["on"][0].as_py(), table["rule"][0].as_py())
        if key not in scores:
            cursor.execute(WRITTEN_SQL, dict(zip(("on", "rule"), key, strict=True)))
            found = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 2)
            scores[key] = found[:, 0], found[:, 1]
        members, ids = scores[key]
        place, is_written = _found(members, table["member_id"].to_numpy())
        _, is_alive = _found(alive, table["account_id"].to_numpy())
        account = pa.array(table["account_id"].to_numpy(), mask=~is_alive)
        rest = table.drop_columns(["member_id", "on", "rule", "account_id"])
        whole = rest.add_column(0, "account_id", account).add_column(
            0, "score_id", pa.array(ids[place] if len(ids) else place)
        )
        yield from whole.filter(pa.array(is_written)).to_batches()


def _found(sorted_ids: Whole, wanted: Whole) -> tuple[Whole, Any]:
    """Where each of `wanted` is among the ids, and whether it is."""
    if not len(sorted_ids):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
    return place, sorted_ids[place] == wanted


def _copy(cursor: Any, into: str, batches: Iterable[pa.RecordBatch]) -> int:
    """Rows into a table; how many."""
    rows = 0
    for batch in batches:
        lines = io.BytesIO()
        csv.write_csv(batch, lines, csv.WriteOptions(include_header=False))
        lines.seek(0)
        cursor.copy_expert(f"COPY {into} FROM STDIN WITH (FORMAT csv)", lines)
        rows += len(batch)
    return rows
