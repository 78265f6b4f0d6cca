"""Pings by mail, for members who asked for it: one mail for all that wait, never the same twice.

A ping is marked as mailed before the mail is sent. A worker killed in between sends nothing, and
the page still shows the ping; a mail server that says no is asked again an hour later.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.middleware import zone_of
from accounts.models import Member
from accounts.stopping import StoppableMail, language_of
from networks.listening_models import ListeningWishes, Ping
from networks.models import LinkedAccount
from networks.sonobuoy.listening import mail_at
from networks.sonobuoy.wording import rhythm_sentence, silence_sentence

CLAIMED_AT_ONCE = 100
ASK_AGAIN_AFTER = timedelta(hours=1)

PINGS_MAIL = StoppableMail(
    route="stop_pings",
    salt="networks.sonobuoy.pings.stop",
    title=gettext_lazy("Mail of the sonobuoy"),
    when=gettext_lazy("When a network of yours has gone quiet, once for each silence."),
    again=gettext_lazy("You can begin it again on the page of the sonobuoy."),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """One ping in words."""

    heading: str
    what: str
    usual: str
    is_last: bool


def mail_pings(now: datetime) -> int:
    """Mail what waits; returns how many mails were sent."""
    sent = 0
    while claimed := _claimed(now):
        for _member, pings in groupby(claimed, lambda ping: ping.account.member_id):
            sent += _mail(list(pings), now)
    return sent


def _claimed(now: datetime) -> list[Ping]:
    """Pings whose mail is due, by member; those in quiet hours by now wait until they are over."""
    with transaction.atomic():
        due = list(
            Ping.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(mail_due_at__lte=now)
            .select_related("account__member")
            .order_by("account__member", "silent_since", "pk")[:CLAIMED_AT_ONCE]
        )
        wishes = ListeningWishes.objects.in_bulk({ping.account.member_id for ping in due})
        for ping in due:
            _decide(ping, wishes.get(ping.account.member_id), now)
        Ping.objects.bulk_update(due, ["mail_due_at", "mailed_at"])
    mailed = [ping for ping in due if ping.mailed_at]
    # All that were claimed may have to wait; then there may be others behind them.
    return mailed if mailed or len(due) < CLAIMED_AT_ONCE else _claimed(now)


def _decide(ping: Ping, wishes: ListeningWishes | None, now: datetime) -> None:
    member = ping.account.member
    ping.mail_due_at = None
    if wishes is None or not wishes.wants_pings or not member.takes_part:
        return
    when = mail_at(wishes, member.time_zone, now)
    if when > now:
        ping.mail_due_at = when
    else:
        ping.mailed_at = now


def _mail(pings: Sequence[Ping], now: datetime) -> int:
    member = pings[0].account.member
    with translation.override(language_of(member)), timezone.override(zone_of(member.time_zone)):
        message = PINGS_MAIL.message(member, _subject(pings), _body(member, pings))
    try:
        message.send()
    except (OSError, SMTPException):
        log.warning("a ping could not be mailed; it is tried again in an hour", exc_info=True)
        Ping.objects.filter(pk__in=[ping.pk for ping in pings], ended_at=None).update(
            mailed_at=None, mail_due_at=now + ASK_AGAIN_AFTER
        )
        return 0
    return 1


def _subject(pings: Sequence[Ping]) -> str:
    if len(pings) == 1:
        return _("It is quiet on %(network)s") % {"network": pings[0].account.platform_label}
    return ngettext(
        "It is quiet on %(count)d network", "It is quiet on %(count)d networks", len(pings)
    ) % {"count": len(pings)}


def _body(member: Member, pings: Sequence[Ping]) -> str:
    context = {
        "member": member,
        "pings": [told(ping) for ping in pings],
        "page_url": settings.BASE_URL + reverse("sonobuoy"),
        "stop_url": PINGS_MAIL.stop_url(member),
    }
    return render_to_string("networks/sonobuoy/pings.txt", context)


def told(ping: Ping) -> Told:
    account: LinkedAccount = ping.account
    return Told(
        heading=f"{account.platform_label}, {account.handle}",
        what=silence_sentence(ping.silent_since, ping.silent_days, ping.heard_to),
        usual=rhythm_sentence(ping.usual_days, ping.limit_days, is_chosen=ping.is_chosen),
        is_last=ping.is_last,
    )
