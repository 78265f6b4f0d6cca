"""The weekly mail: what happened, for those who asked for it. No score is in it.

It tells what no other mail told: K and people kept in mind, unless the daily mail about K does;
networks gone quiet, unless pings are mailed; networks that can no longer be read. A week without
any of it has no mail.

The week is claimed before the mail is written, and what was told is noted after it was sent. A
worker killed in between sends nothing this week; the next mail tells it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.middleware import zone_of
from accounts.models import Member
from accounts.stopping import StoppableMail, language_of
from gifting import periods
from gifting.digest import NAMED_MOST, Digest, digest_of
from gifting.selectors import choices_of
from networks.listening_models import ListeningWishes
from networks.sonobuoy.answers import WEEK
from networks.sonobuoy.listening import mail_at
from networks.sonobuoy.selectors import Buoy, buoys

CLAIMED_AT_ONCE = 50
ASK_AGAIN_AFTER = timedelta(hours=1)

WEEKLY_MAIL = StoppableMail(
    route="stop_weekly",
    salt="klout.digest.stop",
    title=gettext_lazy("The weekly mail"),
    when=gettext_lazy("Once a week at most, and only if something happened."),
    again=gettext_lazy("You can begin it again on the page of the sonobuoy."),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Week:
    """What there is to tell; `k` has at most one gift more than a mail names."""

    k: Digest
    quiet: tuple[Buoy, ...]
    lost: tuple[Buoy, ...]

    @property
    def is_empty(self) -> bool:
        return self.k.is_empty and not self.quiet and not self.lost


def mail_weekly(now: datetime) -> int:
    """Mail every week that is due; returns how many were sent."""
    sent = 0
    while claimed := _claimed(now):
        sent += sum(_mail(wishes, now) for wishes in claimed)
    return sent


def _claimed(now: datetime) -> list[ListeningWishes]:
    with transaction.atomic():
        due = list(
            ListeningWishes.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(wants_weekly=True, weekly_not_before__lte=now, member__takes_part=True)
            .select_related("member")
            .order_by("weekly_not_before", "pk")[:CLAIMED_AT_ONCE]
        )
        ListeningWishes.objects.filter(pk__in=[each.pk for each in due]).update(
            weekly_not_before=now + WEEK
        )
    return due


def _mail(wishes: ListeningWishes, now: datetime) -> bool:
    member, since = wishes.member, wishes.weekly_told_until
    when = mail_at(wishes, member.time_zone, now)
    if since is None or when > now:
        # In quiet hours it waits until they are over.
        _settle(wishes, weekly_not_before=when)
        return False
    # What can still be taken back is told next week.
    until = now - periods.UNDO_WINDOW
    with translation.override(language_of(member)), timezone.override(zone_of(member.time_zone)):
        week = week_of(wishes, since, until, now)
        if week.is_empty:
            _settle(wishes, weekly_told_until=until)
            return False
        message = _message(member, week)
    try:
        message.send()
    except (OSError, SMTPException):
        log.warning("a weekly mail was not taken; it is tried again in an hour", exc_info=True)
        _settle(wishes, weekly_not_before=now + ASK_AGAIN_AFTER)
        return False
    _settle(wishes, weekly_told_until=until)
    return True


def _settle(wishes: ListeningWishes, **fields: datetime) -> None:
    ListeningWishes.objects.filter(pk=wishes.pk).update(**fields)


def week_of(wishes: ListeningWishes, since: datetime, until: datetime, now: datetime) -> Week:
    """What happened between the two moments and is still so now."""
    member = wishes.member
    has_daily_mail = choices_of(member).wants_digest
    heard = buoys(member, now)
    return Week(
        k=Digest((), ()) if has_daily_mail else digest_of(member, since, until),
        quiet=tuple(
            buoy
            for buoy in heard
            if buoy.ping and since < buoy.ping.made_at <= until and not wishes.wants_pings
        ),
        lost=tuple(buoy for buoy in heard if buoy.lost_since and since < buoy.lost_since <= until),
    )


def _message(member: Member, week: Week) -> EmailMessage:
    context = {
        "member": member,
        "week": week,
        "gifts": week.k.gifts[:NAMED_MOST],
        "has_more": len(week.k.gifts) > NAMED_MOST,
        "received_url": settings.BASE_URL + reverse("received"),
        "kept_url": settings.BASE_URL + reverse("kept"),
        "sonobuoy_url": settings.BASE_URL + reverse("sonobuoy"),
        "networks_url": settings.BASE_URL + reverse("networks"),
        "stop_url": WEEKLY_MAIL.stop_url(member),
    }
    body = render_to_string("pages/weekly.txt", context)
    return WEEKLY_MAIL.message(member, _("What happened this week"), body)
