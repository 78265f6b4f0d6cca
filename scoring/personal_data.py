"""What scoring keeps of a member: for the export, and for leaving."""

from collections.abc import Iterator
from datetime import datetime

from accounts.exports.rows import Rows
from accounts.exports.rows import rows_of as exported_rows
from accounts.models import Member
from accounts.personal_data_contract import InRows
from scoring.brought_models import BroughtScore
from scoring.dispute_models import Dispute
from scoring.models import Contribution, Score, ScoringState
from scoring.selectors.figures import days_since_read, rows_of

BROUGHT = ("site", "on", "rule", "hundredths", "low_hundredths", "high_hundredths")
DISPUTE = ("score__on", "said", "opened_at", "outcome", "answer", "answered_at")
# Each brings the counts of its responders, some kilobytes.
SCORES_AT_ONCE = 200


class ScoringData(InRows):
    """Scores with the figures each was computed from; no row about anybody who responded.

    The shape is docs/export-scores.schema.json, and `scoring.offline` recomputes every score.
    """

    name = "scores"

    def export_rows(self, member: Member) -> dict[str, object]:
        said = Dispute.objects.filter(member=member).order_by("opened_at", "id")
        return {
            "scores": Rows(lambda: _scores(member)),
            "disputes": list(said.values(*DISPUTE)),
            "brought": exported_rows(
                BroughtScore.objects.filter(member=member).order_by("site", "on", "rule"), *BROUGHT
            ),
        }

    def erase(self, member: Member, now: datetime) -> None:
        BroughtScore.objects.filter(member=member).delete()
        Dispute.objects.filter(member=member).delete()
        Contribution.objects.filter(score__member=member).delete()
        Score.objects.filter(member=member).delete()
        ScoringState.objects.filter(member=member).delete()


def _scores(member: Member) -> Iterator[dict[str, object]]:
    scores = Score.objects.filter(member=member).order_by("on", "rule")
    for one in scores.prefetch_related("contributions").iterator(chunk_size=SCORES_AT_ONCE):
        yield _exported(one)


def _exported(score: Score) -> dict[str, object]:
    return {
        "on": score.on,
        "rule": score.rule,
        "score": f"{score.exact:.2f}",
        "likely_from": score.low_hundredths / 100,
        "likely_to": score.high_hundredths / 100,
        "reach_fixed": score.reach,
        "days_of_data": score.days_of_data,
        "backfilled": score.backfilled,
        "cut_off_at": score.cut_off_at,
        "computed_at": score.computed_at,
        "contributions": Rows(lambda: (_part(score, one) for one in rows_of(score))),
    }


def _part(score: Score, one: Contribution) -> dict[str, object]:
    return {
        "platform": one.platform,
        "handle": one.handle,
        "state": one.state,
        "points": f"{one.tenths / 10:.1f}",
        "reach_fixed": one.reach,
        "followers": one.audience,
        "curation": one.curation,
        "response_fixed": one.response,
        "response_squares": one.response_squares,
        "everyone_fixed": one.everyone,
        "granted": one.granted,
        "known_host": one.state != Contribution.State.UNKNOWN_HOST,
        "reactions": one.acts,
        "people": one.people,
        "people_by_weight": one.by_weight,
        # Scores older than these counts have but their sums.
        "tally": one.tally if one.tally or not one.people else None,
        "effective_on": one.effective_on,
        "resting_as_of": one.clock_on,
        "days_since_read": None if one.effective_on is None else days_since_read(score, one),
    }


provider = ScoringData()
