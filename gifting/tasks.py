"""What beat asks for."""

from celery import shared_task
from django.utils import timezone

from gifting import reports, services


@shared_task  # type: ignore[untyped-decorator]
def mail_reports_due() -> None:
    reports.mail_reports(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def forget_reports_due() -> None:
    reports.forget_old_reports(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def turn_period_due() -> None:
    services.turn_period(timezone.now())
