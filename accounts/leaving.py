"""Leaving for good: asked for, undone within a quarter of an hour, or carried out.

From the moment it is asked for the member takes part in nothing any more (`takes_part` is a column
made of this one) and all browsers are signed out. A due task erases them when the time to undo it
is over; it may be killed, and run twice.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import erased
from accounts.audit import Event, record
from accounts.models import Member
from accounts.services import erase_member
from accounts.sessions import end_all

logger = logging.getLogger(__name__)

UNDO_FOR = timedelta(minutes=15)
# How long it takes from there at the most, as the pages say; the due task looks more often.
ERASED_WITHIN = timedelta(minutes=1)
# A worker that died over it lets another try after this.
LEASE = timedelta(seconds=45)
CLAIMED_AT_ONCE = 10
_SALT = "accounts.leaving"


@dataclass(frozen=True)
class Leaving:
    """One who asked to be deleted; without `can_undo` the time is over, or it is done."""

    erase_at: datetime
    can_undo: bool
    was_undone: bool = False


def ask(member: Member, now: datetime, request: HttpRequest) -> str:
    """Stop and hide everything at once, and sign all browsers out; returns the undo token.

    Asked a second time, nothing changes and the time to undo it stays.
    """
    with transaction.atomic():
        asked = Member.objects.filter(pk=member.pk, erase_at=None)
        if asked.update(erase_at=now + UNDO_FOR):
            record(member, Event.DELETION_ASKED, now, request=request)
        member.refresh_from_db()
        end_all(UserSession.objects.filter(user=member))
    token = token_of(member)
    _mail(member, token)
    return token


def token_of(member: Member) -> str:
    """What the undo link holds: signed, for this member and this asking alone."""
    assert member.erase_at is not None  # noqa: S101
    return signing.dumps([member.address, member.erase_at.timestamp()], salt=_SALT)


def look(token: str, now: datetime) -> Leaving | None:
    """What has become of it; None where the token was not made here."""
    read = _read(token)
    if read is None:
        return None
    address, erase_at = read
    member = Member.objects.filter(address=address).first()
    can_undo = member is not None and member.erase_at == erase_at and erase_at > now
    was_undone = member is not None and member.erase_at != erase_at
    return Leaving(erase_at, can_undo, was_undone)


def undo(token: str, now: datetime, request: HttpRequest) -> bool:
    """Put everything back as it was; False where the time is over, or nothing is to be undone."""
    read = _read(token)
    if read is None:
        return False
    address, erase_at = read
    with transaction.atomic():
        # Of this and the claim of a worker only one can be true.
        mine = Member.objects.filter(address=address, erase_at=erase_at, erasing_until=None)
        if erase_at <= now or not mine.update(erase_at=None):
            return False
        member = Member.objects.get(address=address)
        record(member, Event.DELETION_UNDONE, now, request=request)
    return True


def _read(token: str) -> tuple[str, datetime] | None:
    try:
        address, timestamp = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return address, datetime.fromtimestamp(timestamp, UTC)


def _mail(member: Member, token: str) -> None:
    """The page shows the link as well, so a mail server that is away stops nothing."""
    context = {
        "member": member,
        "url": settings.BASE_URL + reverse("leaving", args=[token]),
        "minutes": int(UNDO_FOR.total_seconds() // 60),
        "base_url": settings.BASE_URL,
    }
    subject = _("Your account at Klout is being deleted")
    text = render_to_string("accounts/mail/leaving.txt", context)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [member.email])
    except (OSError, SMTPException) as error:
        logger.error("mail: could not send the undo link (%s)", type(error).__name__)


def claim_due(now: datetime) -> list[int]:
    """Take some of those whose time to undo it is over; ours for two minutes."""
    free = Q(erasing_until=None) | Q(erasing_until__lte=now)
    due = Member.objects.filter(free, erase_at__lte=now).order_by("erase_at")
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=True).values_list("pk", flat=True)
        ids = list(locked[:CLAIMED_AT_ONCE])
        Member.objects.filter(pk__in=ids).update(erasing_until=now + LEASE)
    return ids


def erase_due(now: datetime) -> int:
    """Erase everybody who is due; returns how many. One that fails is tried again, alone."""
    done = 0
    while ids := claim_due(now):
        for member in Member.objects.filter(pk__in=ids).order_by("erase_at"):
            try:
                erase_for_good(member, now)
                done += 1
            except Exception:
                logger.exception("an erasure failed and is tried again", extra={"id": member.pk})
    return done


def erase_for_good(member: Member, now: datetime) -> None:
    """Write it down where no backup reaches it, then forget the member everywhere."""
    erased.note(member, now)
    erase_member(member, now)


def replay_erasures(now: datetime) -> int:
    """Erase again whoever came back with a restored backup; returns how many."""
    replayed = 0
    for member in list(erased.returned()):
        erase_member(member, now)
        replayed += 1
    return replayed
