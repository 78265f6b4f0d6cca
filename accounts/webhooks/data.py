"""What is kept about webhooks: for the export, and until when."""

from datetime import datetime, timedelta

from accounts.audit import Event, record
from accounts.models import Member
from accounts.webhooks.models import Webhook, WebhookMessage

# How long it can be seen what was told, and told again.
KEPT = timedelta(days=7)


def data_of(member: Member) -> dict[str, object]:
    """For the export: webhooks and what was told there lately, without secrets."""
    messages = WebhookMessage.objects.filter(webhook__member=member).order_by("happened_at", "pk")
    return {
        "addresses": list(
            Webhook.objects.filter(member=member).values(
                "url", "happenings", "made_at", "off_at", "off"
            )
        ),
        "messages": list(
            messages.values(
                "webhook__url",
                "happening",
                "data",
                "happened_at",
                "state",
                "tries",
                "last_tried_at",
                "status",
            )
        ),
    }


def withdraw(member: Member, now: datetime) -> None:
    """Tell nothing anywhere any more: whoever set it up may have been somebody else."""
    for webhook in Webhook.objects.filter(member=member):
        record(member, Event.WEBHOOK_GONE, now, detail=webhook.url)
        webhook.delete()


def forget_settled(now: datetime) -> None:
    """Messages that were accepted or given up, a week after they happened."""
    settled = WebhookMessage.objects.exclude(state=WebhookMessage.State.WAITING)
    settled.filter(happened_at__lte=now - KEPT).delete()
    Webhook.objects.filter(old_secret_until__lte=now).update(old_secret="", old_secret_until=None)
