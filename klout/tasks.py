"""What beat asks for and no single app can answer."""

from celery import shared_task
from django.utils import timezone

from klout import digest


@shared_task  # type: ignore[untyped-decorator]
def mail_weekly_due() -> None:
    digest.mail_weekly(timezone.now())
