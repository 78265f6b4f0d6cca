"""Reports as the operator sees them, and as whoever reported is told."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Member
from gifting.models import Decision, Report

DECIDED = {
    Decision.Outcome.NOTHING: gettext_noop("everything was left as it is"),
    Decision.Outcome.WORDS_GONE: gettext_noop("the words and the link were taken away"),
    Decision.Outcome.STOPPED: gettext_noop(
        "the words and the link were taken away, and whoever wrote them can give no more K here"
    ),
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
    return _(
        "You reported this on {day}. Whoever runs this Klout has not decided yet; you will read it "
        "here and in a mail."
    ).format(day=_day(report.reported_at))


def decided_in_words(decision: Decision) -> str:
    said = _("You reported this, and on {day} whoever runs this Klout decided: {what}.").format(
        day=_day(decision.decided_at), what=_(DECIDED[Decision.Outcome(decision.outcome)])
    )
    if not decision.reason:
        return said
    reason = _("They say: “{reason}”").format(reason=decision.reason)
    return f"{said} {reason}"


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
