"""What Celery runs for `scoring`; the clock is read here and handed on."""

from celery import shared_task
from django.utils import timezone

from scoring import services
from scoring.services import disputes


@shared_task  # type: ignore[untyped-decorator]
def night_due() -> None:
    """Run the night once a day; one that is running already is left alone."""
    now = timezone.now()
    if services.night_is_due(now):
        services.run_night(now.date(), now, wait=False)


@shared_task  # type: ignore[untyped-decorator]
def rewrite_day_files_due() -> None:
    """Write anew those of the day files of which rows changed or went, e.g. when members leave."""
    services.rewrite_changed()


@shared_task  # type: ignore[untyped-decorator]
def rescore_due() -> None:
    """Rescore members whose accounts changed."""
    services.rescore_due(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def mail_disputes_due() -> None:
    """Objections to the operator, answers to members."""
    disputes.mail_disputes(timezone.now())
