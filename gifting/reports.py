"""Reports on their way to the operator, and out of the database after 30 days."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

import language
from accounts.mailing import Mail, claimed, mail_row
from accounts.models import Member
from accounts.speaking import in_the_language_at, in_the_language_of
from gifting.limits import REPORTS_KEPT
from gifting.models import Decision, Report
from gifting.selectors import decided_in_words


def mail_reports(now: datetime) -> int:
    """Mail what was not mailed yet: reports to OPERATOR_EMAIL, decisions to whoever reported.

    Without OPERATOR_EMAIL the reports only wait in the operator's queue.
    """
    reports = claimed(_unmailed_reports(), "mailed_at", now) if settings.OPERATOR_EMAIL else []
    decisions = claimed(_untold_decisions(), "told_at", now)
    sent = [mail_row(report, _report_mail(report), "mailed_at") for report in reports]
    return sum(sent) + sum(mail_row(each, _decision_mail(each), "told_at") for each in decisions)


def _unmailed_reports() -> QuerySet[Report]:
    reports = Report.objects.filter(mailed_at=None, decision=None)
    return reports.select_related("move__giver__member", "reporter__member")


def _untold_decisions() -> QuerySet[Decision]:
    decisions = Decision.objects.filter(told_at=None, reporter__member__takes_part=True)
    return decisions.select_related("move", "reporter__member")


def _decision_mail(decision: Decision) -> Mail:
    member = decision.reporter.member
    assert member is not None  # noqa: S101 (asked for in `_untold_decisions`)
    with in_the_language_of(member):
        about = _("It is about K {number}, given on {day}.").format(
            number=language.number(decision.move.k_id),
            day=date_format(timezone.localtime(decision.move.made_at), "DATE_FORMAT"),
        )
        stays = _(
            "The K stays where it is; you can decline it, pass it on or block whoever gave it."
        )
        text = "\n\n".join([about, decided_in_words(decision), stays])
        return Mail(member.email, _("Klout: what became of your report"), text)


def _report_mail(report: Report) -> Mail:
    """For whoever runs the site, in their language if they are a member here."""
    with in_the_language_at(settings.OPERATOR_EMAIL):
        return _written(report)


def _written(report: Report) -> Mail:
    given_at = date_format(timezone.localtime(report.move.made_at), "SHORT_DATETIME_FORMAT")
    text = [
        _("K {number}, given {at}").format(number=language.number(report.move.k_id), at=given_at),
        _("by: {who}").format(who=_who(report.move.giver.member)),
        _("to, and reported by: {who}").format(who=_who(report.reporter.member)),
        "",
        _("The words:"),
        report.words or _("(none)"),
        "",
        _("The link: {link}").format(link=report.link or _("(none)")),
        "",
        _("What was said about them:"),
        report.said or _("(nothing)"),
        "",
        _("The words are kept for {days} days. Signed in as the operator, decide at").format(
            days=REPORTS_KEPT.days
        ),
        f"{settings.BASE_URL}/k/reports/{report.pk}/",
    ]
    subject = _("Klout: a gift was reported (report {number})").format(number=report.pk)
    return Mail(settings.OPERATOR_EMAIL, subject, "\n".join(text))


def _who(member: Member | None) -> str:
    return f"{member.name} <{member.email}>" if member else _("somebody who left")


def forget_old_reports(now: datetime) -> int:
    """Delete reports older than 30 days, what was decided stays; returns how many."""
    return (
        Report.objects.filter(reported_at__lt=now - REPORTS_KEPT)
        .delete()[1]
        .get("gifting.Report", 0)
    )
