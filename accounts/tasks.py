"""Due work of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import services


@shared_task(name="accounts.tasks.forget_unconfirmed")  # type: ignore[untyped-decorator]
def forget_unconfirmed() -> None:
    services.forget_unconfirmed(timezone.now())
