"""Accounts that rest: their part of a score is the one of the day on which the rest began.

The night computes them like all others and then takes their figures from the contribution that is
stored: what was received, the audience, the trust of that day. So a number at rest stays the very
same, whatever others do, and however long it lasts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection

from scoring import tallies
from scoring.inputs import EPOCH, Wanted
from scoring.services.members import whole

# Those that rested at the cut-off and before the day, each with the newest contribution up to the
# day on which its rest began; where there was none yet, with the first one after it.
KEPT_SQL = """
    WITH resting AS (
        SELECT a.id, min((r.began_at AT TIME ZONE 'UTC')::date) AS began_on
        FROM networks_rest r JOIN networks_linkedaccount a
             ON a.id = r.account_id OR (r.account_id IS NULL AND a.member_id = r.member_id)
        WHERE r.began_at <= %(cut_off)s AND (r.ended_at IS NULL OR r.ended_at > %(cut_off)s)
          AND (%(everybody)s OR a.member_id = ANY(%(members)s))
        GROUP BY a.id
    )
    SELECT resting.id, coalesce(kept.clock_on, kept."on") - %(epoch)s, kept.days_of_data,
           kept.effective_on - %(epoch)s, kept.audience, kept.curation, kept.response,
           kept.response_squares, kept.everyone, kept.acts, kept.people, kept.by_weight, kept.tally
    FROM resting CROSS JOIN LATERAL (
        SELECT s."on", s.days_of_data, c.* FROM scoring_contribution c
        JOIN scoring_score s ON s.id = c.score_id
        WHERE c.account_id = resting.id AND s."on" < %(on)s
        ORDER BY s."on" <= resting.began_on DESC, abs(s."on" - resting.began_on), s.rule
        LIMIT 1
    ) kept
    WHERE resting.began_on < %(on)s
    ORDER BY resting.id
"""


@dataclass(frozen=True)
class StandingStill:
    """`kept`: by account, what stands for it on the day `on`, in columns of the engine's rows.

    Earlier days that are asked for are history, computed for the first time: nothing stands there.
    """

    on: date
    kept: Mapping[int, Mapping[str, Any]]

    def rows(self, rows: pa.RecordBatch, on: date) -> pa.RecordBatch:
        """Rows of one day with a column `clock_day`, the day to which ages are counted.

        It is null where that is the day of the row. Accounts at rest have what was kept of them.
        """
        rows = rows.append_column("clock_day", pa.nulls(len(rows), pa.int64()))
        accounts = whole(rows, "account_id").tolist() if on == self.on and self.kept else []
        found = [(place, self.kept[one]) for place, one in enumerate(accounts) if one in self.kept]
        if not found:
            return rows
        # Each kept row stands behind all others, and is taken instead of the one it is for.
        places = np.arange(len(rows))
        places[[place for place, _ in found]] = len(rows) + np.arange(len(found))
        columns = [
            _replaced(rows[name], [each[name] for _, each in found], places)
            if name in found[0][1]
            else rows[name]
            for name in rows.schema.names
        ]
        return pa.record_batch(columns, schema=rows.schema)


def standing_still(wanted: Wanted) -> StandingStill:
    """Who rests as of the cut-off, and what was kept of them. One query."""
    on: date = wanted.days[-1]
    values: dict[str, Any] = {
        "cut_off": wanted.cut_off_at,
        "everybody": wanted.members is None,
        "members": list(wanted.members or ()),
        "epoch": EPOCH,
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEPT_SQL, values)
        return StandingStill(on, {row[0]: _columns(row[1:]) for row in cursor.fetchall()})


def _columns(row: tuple[Any, ...]) -> dict[str, Any]:
    clock, days, effective, audience, curation, response, squares, everyone, *counts = row
    acts, people, by_weight, tally = counts
    return {
        "clock_day": clock,
        # What there was of data then, there is now.
        "linked_day": clock - days,
        "first_day": None,
        "last_read_day": effective,
        "followers": audience,
        "curation": curation,
        "response": response,
        "squares": squares,
        "everyone": everyone,
        "acts": acts,
        "people": people,
        "tally": tally,
        **{f"weight_{quarters}": by_weight[quarters] for quarters in range(tallies.WEIGHTS)},
    }


def _replaced(column: pa.Array, instead: list[Any], places: np.ndarray) -> pa.Array:
    return pa.concat_arrays([column, pa.array(instead, column.type)]).take(pa.array(places))
