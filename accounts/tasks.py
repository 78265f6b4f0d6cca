"""Due work of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import audit, leaving, services


@shared_task(name="accounts.tasks.forget_what_is_over")  # type: ignore[untyped-decorator]
def forget_what_is_over() -> None:
    now = timezone.now()
    services.forget_unconfirmed(now)
    services.forget_ended_sessions()
    audit.forget_old(now)


@shared_task(name="accounts.tasks.erase_due")  # type: ignore[untyped-decorator]
def erase_due() -> None:
    """Members whose time to undo their deletion is over."""
    leaving.erase_due(timezone.now())
