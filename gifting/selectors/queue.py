"""Reports as the operator sees them, and as whoever reported is told."""

from accounts.models import Member
from gifting.models import Decision, Report

DECIDED = {
    Decision.Outcome.NOTHING: "everything was left as it is",
    Decision.Outcome.WORDS_GONE: "the words and the link were taken away",
    Decision.Outcome.STOPPED: "the words and the link were taken away, and whoever wrote them "
    "can give no more K here",
}


def open_reports(count: int) -> list[Report]:
    """What waits for a decision, the oldest first."""
    reports = Report.objects.filter(decision=None).order_by("reported_at", "id")
    return list(reports.select_related("move__giver__member", "reporter__member")[:count])


def open_report(report_id: int) -> Report | None:
    return (
        Report.objects.filter(pk=report_id, decision=None)
        .select_related("move__giver__member", "reporter__member")
        .first()
    )


def decisions(count: int) -> list[Decision]:
    """What was decided, the latest first."""
    return list(
        Decision.objects.order_by("-decided_at", "-id").select_related(
            "move__giver__member", "reporter__member", "decided_by", "lifted_by"
        )[:count]
    )


def what_became_of(reporter: Member, k_address: str, step: int) -> str:
    """What a member reads about their report of a gift; empty if there was none."""
    of = {"move__k__address": k_address, "move__step": step, "reporter__member": reporter}
    decision = Decision.objects.filter(**of).first()
    if decision is not None:
        return decided_in_words(decision)
    report = Report.objects.filter(**of).first()
    if report is None:
        return ""
    return (
        f"You reported this on {report.reported_at:%-d %B %Y}. Whoever runs this Klout has not "
        "decided yet; you will read it here and in a mail."
    )


def decided_in_words(decision: Decision) -> str:
    said = (
        f"You reported this, and on {decision.decided_at:%-d %B %Y} whoever runs this Klout "
        f"decided: {DECIDED[Decision.Outcome(decision.outcome)]}."
    )
    return f"{said} They say: “{decision.reason}”" if decision.reason else said
