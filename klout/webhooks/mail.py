"""A mail to the owner of a webhook that was switched off, once."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mailing import Mail, claimed, mail_row
from accounts.speaking import in_the_language_of
from accounts.webhooks.models import Webhook


def mail_switched_off(now: datetime) -> int:
    """Mail about the webhooks that this site switched off; returns how many mails were sent."""
    untold = Webhook.objects.filter(
        off__in=[Webhook.Off.FAILING, Webhook.Off.GONE], told_at=None, member__takes_part=True
    ).select_related("member")
    return sum(mail_row(one, _mail(one), "told_at") for one in claimed(untold, "told_at", now))


def _mail(webhook: Webhook) -> Mail:
    context = {
        "webhook": webhook,
        "url": settings.BASE_URL + reverse("webhook", args=[webhook.pk]),
    }
    with in_the_language_of(webhook.member):
        subject = _("A webhook of yours was switched off")
        text = render_to_string("pages/webhooks/switched_off.txt", context)
    return Mail(webhook.member.email, subject, text)
