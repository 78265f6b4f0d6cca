"""How the scores of this site are spread: for everybody to see, so nobody may stand out."""

from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection

from scoring.bands import BAND_POINTS, ScoreBand, bands
from scoring.models import Night
from scoring.versions import in_force

KEPT = timedelta(days=2)
# Member by member through the index on (member, on, rule): history may be as long as it likes.
COUNTS_SQL = """
    SELECT least(s.hundredths / %(width)s, %(last)s), count(*)
    FROM accounts_member m
    CROSS JOIN LATERAL (
        SELECT hundredths FROM scoring_score
        WHERE member_id = m.id AND "on" = %(on)s AND rule = %(rule)s LIMIT 1
    ) s
    GROUP BY 1
"""


def distribution() -> tuple[ScoreBand, ...]:
    """The scores of the last whole night in bands of at least 20 people; none for too few.

    Counted once for each night.
    """
    night = (
        Night.objects.filter(finished_at__isnull=False)
        .order_by("-on")
        .values_list("on", "finished_at")
        .first()
    )
    if night is None:
        return ()
    rule = in_force(night[0]).name
    key = f"distribution:{rule}:{night[0]}:{night[1]:%H%M%S}"
    counts = cache.get(key)
    if counts is None:
        counts = _counts(night[0], rule)
        cache.set(key, counts, KEPT.total_seconds())
    return bands(counts)


def _counts(on: date, rule: str) -> dict[int, int]:
    values: dict[str, date | str | int] = {
        "on": on,
        "rule": rule,
        "width": BAND_POINTS * 100,
        "last": 100 // BAND_POINTS - 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_SQL, values)
        return dict(cursor.fetchall())
