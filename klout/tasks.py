"""Due work that composes apps."""

from celery import shared_task
from django.utils import timezone

from accounts import announcing
from klout import digest
from klout.announcing import announce_rules, notice
from klout.webhooks import mail, sending


@shared_task(name="klout.tasks.announce_due")  # type: ignore[untyped-decorator]
def announce_due() -> None:
    """Announce coming rules, and mail what is announced to those who want it."""
    now = timezone.now()
    announce_rules(now)
    announcing.mail_due(notice, now)


@shared_task  # type: ignore[untyped-decorator]
def mail_weekly_due() -> None:
    digest.mail_weekly(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def deliver_webhooks_due() -> None:
    """Send what waits in the outbox, and tell owners of what was switched off."""
    now = timezone.now()
    sending.deliver_due(now)
    mail.mail_switched_off(now)
