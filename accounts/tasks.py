"""Due work of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import api_answers, audit, leaving, services, sharing, side_by_side
from accounts.applications import grants
from accounts.exports import making
from accounts.exports import services as exports
from accounts.imports import services as imports
from accounts.webhooks import data as webhooks


@shared_task(name="accounts.tasks.forget_what_is_over")  # type: ignore[untyped-decorator]
def forget_what_is_over() -> None:
    now = timezone.now()
    services.forget_unconfirmed(now)
    services.forget_ended_sessions()
    audit.forget_old(now)
    sharing.forget_what_ended(now)
    side_by_side.forget_unanswered(now)
    api_answers.forget_old(now)
    making.remove_expired(now)
    imports.forget_old(now)
    grants.forget_over(now)
    webhooks.forget_settled(now)


@shared_task(name="accounts.tasks.make_exports_due")  # type: ignore[untyped-decorator]
def make_exports_due() -> None:
    now = timezone.now()
    making.make_due(now)
    exports.mail_ready(now)


@shared_task(name="accounts.tasks.erase_due")  # type: ignore[untyped-decorator]
def erase_due() -> None:
    """Members whose time to undo their deletion is over."""
    leaving.erase_due(timezone.now())
