"""What is kept about webhooks: for the export, and until when."""

from datetime import datetime, timedelta

from accounts.models import Member
from accounts.webhooks.models import Webhook, WebhookMessage

# How long it can be seen what was told, and told again.
KEPT = timedelta(days=7)


def data_of(member: Member) -> list[dict[str, object]]:
    """For the export: webhooks and what was told there lately, without secrets."""
    return [
        {
            "url": webhook.url,
            "happenings": webhook.happenings,
            "made_at": webhook.made_at,
            "off_at": webhook.off_at,
            "off": webhook.off,
            "messages": list(
                webhook.messages.order_by("happened_at", "pk").values(
                    "happening", "data", "happened_at", "state", "tries", "last_tried_at", "status"
                )
            ),
        }
        for webhook in Webhook.objects.filter(member=member).prefetch_related("messages")
    ]


def forget_settled(now: datetime) -> None:
    """Messages that were accepted or given up, a week after they happened."""
    settled = WebhookMessage.objects.exclude(state=WebhookMessage.State.WAITING)
    settled.filter(happened_at__lte=now - KEPT).delete()
    Webhook.objects.filter(old_secret_until__lte=now).update(old_secret="", old_secret_until=None)
