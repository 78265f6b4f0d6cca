"""What a member says to the sonobuoy: about one account, about all of them, about mail.

Every answer ends an open ping and can be taken back. Saying the same again changes nothing.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

from django.db import transaction

from accounts.models import Member
from networks.listening_models import Listening, ListeningWishes, Ping, Rest
from networks.models import LinkedAccount
from networks.sonobuoy.listening import end_pings, listen, locked

WEEK = timedelta(days=7)


class Answer(StrEnum):
    """`BACK` takes a rest or a leaving back, `TELL` a mute."""

    FINE = "fine"
    REST = "rest"
    LEFT = "left"
    MUTE = "mute"
    BACK = "back"
    TELL = "tell"


ENDS = {
    Answer.FINE: Ping.End.FINE,
    Answer.REST: Ping.End.RESTING,
    Answer.LEFT: Ping.End.LEFT,
    Answer.MUTE: Ping.End.MUTED,
}
SAID = ("resting_since", "left_at", "muted_at", "stopped_at", "unanswered")


def answer(account: LinkedAccount, said: Answer, now: datetime) -> None:
    """Keep what was said about one account, and judge it anew."""
    with transaction.atomic():
        (row,) = locked([account.pk])
        if said in ENDS:
            end_pings([account.pk], ENDS[said], now)
        _keep(row, said, now)
        row.save(update_fields=SAID)
        listen([account.pk], now)


def _keep(row: Listening, said: Answer, now: datetime) -> None:
    row.unanswered = 0
    if said == Answer.REST and row.resting_since is None:
        row.left_at, row.resting_since = None, now
        Rest.objects.create(member=row.account.member, account=row.account, began_at=now)
    if said in (Answer.LEFT, Answer.BACK):
        Rest.objects.filter(account=row.account, ended_at=None).update(ended_at=now)
        row.resting_since = None
        row.left_at = (row.left_at or now) if said == Answer.LEFT else None
    if said == Answer.MUTE:
        row.muted_at = row.muted_at or now
    if said == Answer.TELL:
        row.muted_at = row.stopped_at = None


def set_threshold(account: LinkedAccount, days: int | None, now: datetime) -> None:
    """Quiet after so many days from now on; None: by the own rhythm again."""
    with transaction.atomic():
        (row,) = locked([account.pk])
        row.threshold_days = days
        row.save(update_fields=["threshold_days"])
        listen([account.pk], now)
        row.refresh_from_db()
        if row.silent_days is None or row.limit_days is None or row.silent_days <= row.limit_days:
            end_pings([account.pk], Ping.End.FINE, now)


def rest(member: Member, now: datetime) -> bool:
    """All of the member's clocks stand still from now on; False if they do already."""
    with transaction.atomic():
        ids = [row.pk for row in locked(_accounts(member))]
        if not Member.objects.filter(pk=member.pk, resting_since=None).update(resting_since=now):
            return False
        Rest.objects.create(member=member, began_at=now)
        Listening.objects.filter(account__in=ids).update(unanswered=0)
        end_pings(ids, Ping.End.RESTING, now)
    return True


def end_rest(member: Member, now: datetime) -> bool:
    """The clocks go on; False if they did already. Accounts that rest on their own rest on."""
    with transaction.atomic():
        resting = Member.objects.filter(pk=member.pk, resting_since__isnull=False)
        if not resting.update(resting_since=None):
            return False
        Rest.objects.filter(member=member, account=None, ended_at=None).update(ended_at=now)
        listen(_accounts(member), now)
    return True


def _accounts(member: Member) -> list[int]:
    return list(LinkedAccount.objects.filter(member=member).values_list("pk", flat=True))


def wish_mail(
    member: Member, *, pings: bool, quiet_from: time, quiet_until: time, weekly: bool, now: datetime
) -> None:
    """What mail the member wants. The weekly one begins with what happens from now on."""
    with transaction.atomic():
        wishes = _wishes(member)
        wishes.quiet_from, wishes.quiet_until = quiet_from, quiet_until
        wishes.wants_pings = pings
        _begin_weekly(wishes, now, wants=weekly)
        wishes.save()
        if not pings:
            _no_mail_of_pings(member)


def stop_pings(member: Member) -> None:
    """No more pings by mail; they stay on the page."""
    with transaction.atomic():
        ListeningWishes.objects.filter(member=member).update(wants_pings=False)
        _no_mail_of_pings(member)


def stop_weekly(member: Member) -> None:
    ListeningWishes.objects.filter(member=member).update(wants_weekly=False)


def _wishes(member: Member) -> ListeningWishes:
    ListeningWishes.objects.get_or_create(member=member)
    return ListeningWishes.objects.select_for_update().get(member=member)


def _begin_weekly(wishes: ListeningWishes, now: datetime, *, wants: bool) -> None:
    """Stopping and beginning again brings no second mail in the same week."""
    if wants and not wishes.wants_weekly:
        wishes.weekly_told_until = now
        wishes.weekly_not_before = max(wishes.weekly_not_before or now, now + WEEK)
    wishes.wants_weekly = wants


def _no_mail_of_pings(member: Member) -> None:
    Ping.objects.filter(account__member=member, mail_due_at__isnull=False).update(mail_due_at=None)
