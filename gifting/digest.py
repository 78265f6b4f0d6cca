"""The mail about K that has come: for those who asked for it, once a day at most.

The day is claimed before the mail is written, and what was told is noted after it was sent. A
worker killed in between sends nothing today; tomorrow's mail tells it. So nobody gets two mails
on one day, and nothing is left out.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from accounts.speaking import in_the_language_of
from accounts.stopping import StoppableMail
from gifting import periods
from gifting.member_models import Choices, KeptInMind
from gifting.models import Block, Move
from gifting.selectors import can_be_given_to

EVERY = timedelta(days=1)
CLAIMED_AT_ONCE = 50
# A mail names so many; the page has all of them.
NAMED_MOST = 20

MAIL = StoppableMail(
    route="stop_digest",
    salt="gifting.digest.stop",
    title=gettext_lazy("Mail about K"),
    when=gettext_lazy("Once a day at most, when a K has come."),
    again=gettext_lazy("You can begin it again in the K settings."),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Digest:
    """What there is to tell somebody: K that came, and people they kept in mind who are here."""

    gifts: tuple[Move, ...]
    met: tuple[KeptInMind, ...]

    @property
    def is_empty(self) -> bool:
        return not self.gifts and not self.met


def mail_digests(now: datetime) -> int:
    """Mail every digest that is due; returns how many were sent."""
    sent = 0
    while claimed := _claimed(now):
        sent += sum(_mail(choices, now) for choices in claimed)
    return sent


def _claimed(now: datetime) -> list[Choices]:
    with transaction.atomic():
        due = list(
            Choices.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(wants_digest=True, digest_not_before__lte=now, hand__member__takes_part=True)
            .select_related("hand__member")
            .order_by("digest_not_before", "pk")[:CLAIMED_AT_ONCE]
        )
        Choices.objects.filter(pk__in=[each.pk for each in due]).update(
            digest_not_before=now + EVERY
        )
    return due


def _mail(choices: Choices, now: datetime) -> bool:
    member, since = choices.hand.member, choices.digest_told_until
    if member is None or since is None:
        return False
    # What can still be taken back is told tomorrow.
    until = now - periods.UNDO_WINDOW
    digest = digest_of(member, since, until)
    if digest.is_empty:
        # Nothing was mailed, so the next K need not wait a day.
        _settle(choices, digest_told_until=until, digest_not_before=now + periods.UNDO_WINDOW)
        return False
    try:
        _message(member, digest).send()
    except (OSError, SMTPException):
        log.warning("a digest could not be mailed; it is tried again tomorrow", exc_info=True)
        return False
    _settle(choices, digest_told_until=until)
    return True


def _settle(choices: Choices, **fields: datetime) -> None:
    Choices.objects.filter(pk=choices.pk).update(**fields)


def digest_of(member: Member, since: datetime, until: datetime) -> Digest:
    """What came after `since` and up to `until`. Of gifts one more than a mail names."""
    blocked = Block.objects.filter(by__member=member).values("of")
    gifts = (
        Move.objects.gifts()
        .kept()
        .filter(receiver__member=member, made_at__gt=since, made_at__lte=until)
        .exclude(giver__in=blocked)
        .select_related("giver__member", "words")
        .order_by("made_at", "id")[: NAMED_MOST + 1]
    )
    met = KeptInMind.objects.filter(
        keeper__member=member, here_since__gt=since, here_since__lte=until, noted_at=None
    ).order_by("here_since", "id")[:NAMED_MOST]
    here = (kept for kept in met if can_be_given_to(member, kept.platform, kept.handle))
    return Digest(tuple(gifts), tuple(here))


def _message(member: Member, digest: Digest) -> EmailMessage:
    with in_the_language_of(member):
        return _written(member, digest)


def _written(member: Member, digest: Digest) -> EmailMessage:
    context = {
        "member": member,
        "gifts": digest.gifts[:NAMED_MOST],
        "has_more": len(digest.gifts) > NAMED_MOST,
        "met": digest.met,
        "base_url": settings.BASE_URL,
        "stop_url": MAIL.stop_url(member),
    }
    subject = _("A K has come to you") if digest.gifts else _("Somebody you kept in mind is here")
    return MAIL.message(member, subject, render_to_string("gifting/digest.txt", context))
