"""Due work of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import services
from accounts.exports import making
from accounts.exports import services as exports


@shared_task(name="accounts.tasks.forget_what_is_over")  # type: ignore[untyped-decorator]
def forget_what_is_over() -> None:
    services.forget_unconfirmed(timezone.now())
    services.forget_ended_sessions()
    making.remove_expired(timezone.now())


@shared_task(name="accounts.tasks.make_exports_due")  # type: ignore[untyped-decorator]
def make_exports_due() -> None:
    making.make_due(timezone.now())
    exports.mail_ready(timezone.now())
