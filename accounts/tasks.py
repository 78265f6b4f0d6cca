"""Due work of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import services


@shared_task(name="accounts.tasks.forget_what_is_over")  # type: ignore[untyped-decorator]
def forget_what_is_over() -> None:
    services.forget_unconfirmed(timezone.now())
    services.forget_ended_sessions()
