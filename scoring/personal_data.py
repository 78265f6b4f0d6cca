"""What scoring keeps of a member: for the export, and for leaving."""

from datetime import datetime

from accounts.models import Member
from scoring.models import Contribution, Score, ScoringState


class ScoringData:
    """Scores with the figures each was computed from; no row about anybody who responded."""

    name = "scores"

    def export(self, member: Member) -> dict[str, object]:
        scores = Score.objects.filter(member=member).order_by("on", "rule")
        return {"scores": [_exported(one) for one in scores.prefetch_related("contributions")]}

    def erase(self, member: Member, now: datetime) -> None:
        Contribution.objects.filter(score__member=member).delete()
        Score.objects.filter(member=member).delete()
        ScoringState.objects.filter(member=member).delete()


def _exported(score: Score) -> dict[str, object]:
    return {
        "on": score.on,
        "rule": score.rule,
        "score": str(score.exact),
        "likely_from": score.low_hundredths / 100,
        "likely_to": score.high_hundredths / 100,
        "reach_fixed": score.reach,
        "days_of_data": score.days_of_data,
        "backfilled": score.backfilled,
        "cut_off_at": score.cut_off_at,
        "computed_at": score.computed_at,
        "contributions": [_part(one) for one in score.contributions.all()],
    }


def _part(one: Contribution) -> dict[str, object]:
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
        "reactions": one.acts,
        "people": one.people,
        "people_by_weight": one.by_weight,
        "effective_on": one.effective_on,
    }


provider = ScoringData()
