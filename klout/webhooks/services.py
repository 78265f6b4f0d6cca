"""Stories of webhooks: added, changed, switched on and off, given a new secret, tried, deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.api_keys import Refused
from accounts.audit import AuditEntry, Event, record
from accounts.models import Member
from accounts.webhooks.models import Happening, Webhook, WebhookMessage
from klout.webhooks import signing
from networks.address_guard import parse_url
from networks.connectors.base import Transient

WEBHOOKS_AT_MOST = 5
# How long the secret before signs as well, so that a receiver can exchange it in peace.
BOTH_SIGN_FOR = timedelta(hours=24)
WAITING = WebhookMessage.State.WAITING


def is_address(url: str) -> bool:
    """Whether a message may be sent there: https, by a name, on the usual port.

    Where the name leads is looked at each time something is sent.
    """
    try:
        parse_url(url, settings.DEVELOPMENT_HOSTS)
    except Transient:
        return False
    return True


def add(member: Member, url: str, happenings: Sequence[str], now: datetime) -> tuple[Webhook, str]:
    """A new webhook and its secret, shown this once. Raises Refused."""
    secret = signing.new_secret()
    with transaction.atomic():
        # One after the other, so that two requests at once do not make one too many.
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        if Webhook.objects.filter(member=member).count() >= WEBHOOKS_AT_MOST:
            raise Refused(
                ngettext(
                    "You have %(most)s webhook, as many as there may be. Nothing was added. "
                    "Delete one that is no longer used, then add the new one.",
                    "You have %(most)s webhooks, as many as there may be. Nothing was added. "
                    "Delete one that is no longer used, then add the new one.",
                    WEBHOOKS_AT_MOST,
                )
                % {"most": WEBHOOKS_AT_MOST}
            )
        webhook = Webhook(member=member, url=url, happenings=list(happenings), made_at=now)
        webhook.secret = signing.sealed(webhook, secret)
        webhook.save()
        record(member, Event.WEBHOOK_MADE, now, detail=url)
    return webhook, secret


def change(webhook: Webhook, url: str, happenings: Sequence[str], now: datetime) -> None:
    """Tell something else, or elsewhere; what waits goes to the new address."""
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(url=url, happenings=list(happenings))
        record(webhook.member, Event.WEBHOOK_CHANGED, now, detail=url)


def rotate_secret(webhook: Webhook, now: datetime) -> str:
    """A new secret, shown this once; the one before signs as well for a day."""
    secret = signing.new_secret()
    with transaction.atomic():
        kept = Webhook.objects.select_for_update().get(pk=webhook.pk)
        kept.old_secret, kept.old_secret_until = kept.secret, now + BOTH_SIGN_FOR
        kept.secret = signing.sealed(kept, secret)
        kept.save(update_fields=["secret", "old_secret", "old_secret_until"])
        record(webhook.member, Event.WEBHOOK_SECRET, now, detail=webhook.url)
    return secret


def delete(webhook: Webhook, now: datetime) -> None:
    with transaction.atomic():
        record(webhook.member, Event.WEBHOOK_GONE, now, detail=webhook.url)
        webhook.delete()


def switch_on(webhook: Webhook, now: datetime) -> None:
    """Tell there again what happens from now on. Twice is once."""
    with transaction.atomic():
        off = Webhook.objects.filter(pk=webhook.pk, off_at__isnull=False)
        if off.update(off_at=None, off="", told_at=None):
            record(webhook.member, Event.WEBHOOK_CHANGED, now, detail=webhook.url)


def switch_off(webhook: Webhook, why: Webhook.Off, now: datetime) -> bool:
    """Tell nothing there any more, nor what still waits. False where it was off already."""
    by_owner = why == Webhook.Off.MEMBER
    with transaction.atomic():
        on = Webhook.objects.filter(pk=webhook.pk, off_at=None)
        if not on.update(off_at=now, off=why, told_at=now if by_owner else None):
            return False
        waiting = WebhookMessage.objects.filter(webhook=webhook, state=WAITING)
        waiting.update(state=WebhookMessage.State.GIVEN_UP, due_at=None)
        by = AuditEntry.By.MEMBER if by_owner else AuditEntry.By.SITE
        record(webhook.member, Event.WEBHOOK_OFF, now, detail=webhook.url, by=by)
    return True


def send_test(webhook: Webhook, now: datetime) -> None:
    """Tell a test, at once. Raises Refused while one waits, or the webhook is off."""
    with transaction.atomic():
        _must_be_on(webhook)
        tests = WebhookMessage.objects.filter(webhook=webhook, happening=Happening.TEST)
        if tests.filter(state=WAITING).exists():
            raise Refused(_("A test is on its way already. Nothing more was sent."))
        WebhookMessage.objects.create(
            webhook=webhook,
            happening=Happening.TEST,
            about=f"test {uuid4().hex}",
            data={"says": "It works."},
            happened_at=now,
            due_at=now,
        )


def send_again(webhook: Webhook, message_id: int, now: datetime) -> bool:
    """Tell a message once more, at once. False where it is not there; one that waits goes now.

    Raises Refused where the webhook is off.
    """
    with transaction.atomic():
        _must_be_on(webhook)
        message = WebhookMessage.objects.filter(webhook=webhook, pk=message_id)
        return bool(message.update(state=WAITING, due_at=now, tries=0, first_tried_at=None))


def _must_be_on(webhook: Webhook) -> None:
    if Webhook.objects.select_for_update().get(pk=webhook.pk).off_at is not None:
        raise Refused(_("It is switched off, so nothing was sent. Switch it on first."))
