"""Who responded in the windows of two days: how many came, left and stayed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import connection

from scoring.explanations_of_change import Responders
from scoring.rule import WINDOW_DAYS

RESPONDERS_SQL = """
    SELECT account_id,
           count(*) FILTER (WHERE later AND NOT earlier),
           count(*) FILTER (WHERE earlier AND NOT later),
           count(*) FILTER (WHERE earlier AND later)
    FROM (
        SELECT r.account_id, r.responder_hash,
               bool_or(r.happened_at >= w.to_1 - %(window)s::interval AND r.happened_at < w.to_1
                       AND r.recorded_at <= %(cut_1)s) AS earlier,
               bool_or(r.happened_at >= w.to_2 - %(window)s::interval AND r.happened_at < w.to_2
                       AND r.recorded_at <= %(cut_2)s) AS later
        FROM unnest(%(accounts)s::bigint[], %(ends_1)s::timestamptz[], %(ends_2)s::timestamptz[])
             AS w (account_id, to_1, to_2)
        JOIN networks_linkedaccount a ON a.id = w.account_id
        JOIN networks_reaction r ON r.account_id = a.id AND r.responder_hash <> a.person_hash
            AND r.happened_at >= least(w.to_1, w.to_2) - %(window)s::interval
            AND r.happened_at < greatest(w.to_1, w.to_2)
        GROUP BY r.account_id, r.responder_hash
    ) people
    GROUP BY account_id
"""


@dataclass(frozen=True)
class Windows:
    """The days on which the clock of an account stood on the earlier and on the later day."""

    account_id: int
    earlier: date
    later: date


def responders_of(
    windows: Sequence[Windows], earlier_cut_off: datetime, later_cut_off: datetime
) -> dict[int, Responders]:
    """For each account, in one question; accounts that nobody responded to are left out."""
    if not windows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            RESPONDERS_SQL,
            {
                "accounts": [one.account_id for one in windows],
                "ends_1": [_midnight(one.earlier) for one in windows],
                "ends_2": [_midnight(one.later) for one in windows],
                "cut_1": earlier_cut_off,
                "cut_2": later_cut_off,
                "window": f"{WINDOW_DAYS} days",
            },
        )
        return {row[0]: Responders(*row[1:]) for row in cursor.fetchall()}


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)
