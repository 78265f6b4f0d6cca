"""What beat asks for."""

from celery import shared_task
from django.utils import timezone

from gifting import digest, reports, services
from gifting.services import keeping


@shared_task  # type: ignore[untyped-decorator]
def mail_reports_due() -> None:
    reports.mail_reports(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def forget_reports_due() -> None:
    reports.forget_old_reports(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def turn_period_due() -> None:
    services.turn_period(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def mail_digests_due() -> None:
    digest.mail_digests(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def meet_kept_due() -> None:
    """People kept in mind who were introduced lately."""
    keeping.meet(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def meet_all_kept_due() -> None:
    """The same for everybody: whatever an outage of the worker left out."""
    keeping.meet(timezone.now(), everybody=True)
