"""Due work of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import services, sharing, side_by_side


@shared_task(name="accounts.tasks.forget_what_is_over")  # type: ignore[untyped-decorator]
def forget_what_is_over() -> None:
    now = timezone.now()
    services.forget_unconfirmed(now)
    services.forget_ended_sessions()
    sharing.forget_what_ended(now)
    side_by_side.forget_unanswered(now)
