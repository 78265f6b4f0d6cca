"""Reports on their way to the operator, and out of the database after 30 days."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from accounts.models import Member
from gifting.models import Report

KEPT = timedelta(days=30)
MAILED_AT_ONCE = 20

log = logging.getLogger(__name__)


def mail_reports(now: datetime) -> int:
    """Mail the reports that were not mailed yet to OPERATOR_EMAIL; without one they wait here."""
    if not settings.OPERATOR_EMAIL:
        return 0
    return sum(_mail(report) for report in _claimed(now))


def _claimed(now: datetime) -> list[Report]:
    """Marked as mailed before they are: a report is better mailed late by hand than twice."""
    with transaction.atomic():
        reports = list(
            Report.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(mailed_at=None)
            .select_related("move__giver__member", "reporter__member")
            .order_by("id")[:MAILED_AT_ONCE]
        )
        Report.objects.filter(pk__in=[report.pk for report in reports]).update(mailed_at=now)
    return reports


def _mail(report: Report) -> bool:
    try:
        send_mail(
            f"Klout: a gift was reported (report {report.pk})",
            _text(report),
            settings.DEFAULT_FROM_EMAIL,
            [settings.OPERATOR_EMAIL],
        )
    except OSError:
        log.warning("report %s could not be mailed; it is tried again", report.pk, exc_info=True)
        Report.objects.filter(pk=report.pk).update(mailed_at=None)
        return False
    return True


def _text(report: Report) -> str:
    return "\n".join(
        [
            f"K {report.move.k_id:,}, given on {report.move.made_at:%Y-%m-%d %H:%M} UTC",
            f"by: {_who(report.move.giver.member)}",
            f"to, and reported by: {_who(report.reporter.member)}",
            "",
            "The words:",
            report.words or "(none)",
            "",
            f"The link: {report.link or '(none)'}",
            "",
            "What was said about them:",
            report.said or "(nothing)",
            "",
            f"The report is kept for {KEPT.days} days.",
        ]
    )


def _who(member: Member | None) -> str:
    return f"{member.name} <{member.email}>" if member else "somebody who left"


def forget_old_reports(now: datetime) -> int:
    """Delete reports older than 30 days; returns how many."""
    return Report.objects.filter(reported_at__lt=now - KEPT).delete()[0]
