"""Telling members' webhooks that there is a new score, in the transaction that stores it.

It says that there is one and not which: whoever may know asks the API, and a message that waits
for days, or lies in somebody's log, gives nothing away.
"""

from datetime import UTC, datetime

from accounts.webhooks import outbox
from accounts.webhooks.models import Happening
from scoring.versions import in_force

# `written` is what `store` has just put into the table of scores. A rerun of a night has the same
# cut-off, and tells nothing twice.
_WRITTEN_SQL = """
    SELECT member_id, concat_ws(' ', "on", rule, %(cut_off)s::text),
           jsonb_build_object('date', "on", 'rule', rule)
    FROM written WHERE "on" = %(today)s AND rule = %(rule)s
"""


def tell_new_scores(cut_off_at: datetime, now: datetime) -> int:
    """Tell about the scores of today; those of days gone by are history. How many messages."""
    today = now.astimezone(UTC).date()
    cut_off = cut_off_at.astimezone(UTC).isoformat()
    values = {"cut_off": cut_off, "today": today, "rule": in_force(today).name}
    return outbox.put(Happening.SCORE, _WRITTEN_SQL, values, now)
