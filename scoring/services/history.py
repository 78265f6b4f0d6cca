"""A new version of the rule beside the old one, for all days that are stored already.

What each night took is kept with its contributions (counts of responders, followers, curation,
state), so any version that takes the same can be computed for it. What is stored is not touched:
a day that has a score by the version keeps it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from scoring.band import band
from scoring.models import Contribution, Score
from scoring.selectors.figures import figures_of, rows_of
from scoring.versions import Version

BATCH = 500
# What differs between two versions of the same day; everything else is the same input.
OF_SCORE = ("member_id", "on", "cut_off_at", "backfilled", "days_of_data")
OF_PART = (
    *("account_id", "platform", "handle", "state", "audience", "curation", "response"),
    *(
        "response_squares",
        "everyone",
        "acts",
        "people",
        "by_weight",
        "tally",
        "effective_on",
        "clock_on",
    ),
)


def compute_history(version: Version, now: datetime) -> int:
    """Write the scores of `version` where another version has one and it has none; how many.

    May be stopped and run again at any time: each batch is one transaction.
    """
    written = 0
    while batch := _without(version):
        with transaction.atomic():
            for stored in batch:
                _write(stored, version, now)
        written += len(batch)
    return written


def _without(version: Version) -> list[Score]:
    """A batch of days with a score by some version, of which this one has none."""
    beside = Score.objects.filter(member=OuterRef("member"), on=OuterRef("on"), rule=version.name)
    stored = Score.objects.filter(~Exists(beside)).order_by("on", "member", "rule")
    found = stored.prefetch_related("contributions")[:BATCH]
    seen, batch = set(), []
    for score in found:
        if (score.member_id, score.on) not in seen:
            seen.add((score.member_id, score.on))
            batch.append(score)
    return batch


def _write(stored: Score, version: Version, now: datetime) -> None:
    parts = rows_of(stored)
    figures = figures_of(stored, parts)
    result = version.score(figures)
    squares = [part.response_squares for part in parts]
    likely = band(figures, squares, result, stored.days_of_data)
    beside = Score.objects.create(
        rule=version.name,
        hundredths=result.hundredths,
        low_hundredths=likely.low_hundredths,
        high_hundredths=likely.high_hundredths,
        reach=result.reach,
        computed_at=now,
        **{name: getattr(stored, name) for name in OF_SCORE},
    )
    Contribution.objects.bulk_create(
        Contribution(
            score=beside,
            tenths=share.tenths,
            reach=share.reach,
            granted=share.granted,
            **{name: getattr(part, name) for name in OF_PART},
        )
        for part, share in zip(parts, result.shares, strict=True)
    )
