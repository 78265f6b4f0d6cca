"""Listening: after each good read an account is judged, and a ping is made where it went quiet.

A good read makes the account due (`LinkedAccount.listen_at`); a failed one does not, so nothing
is ever concluded from it. What was judged may be judged again at any time: the same read gives
the same ping, and the database keeps one for each silence.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.middleware import zone_of
from accounts.webhooks import outbox
from accounts.webhooks.models import Happening
from networks.listening_models import Listening, ListeningWishes, Ping
from networks.models import LinkedAccount
from networks.sonobuoy.heard import Heard, heard
from networks.sonobuoy.quiet_hours import QuietHours
from networks.sonobuoy.rhythm import silence
from networks.sonobuoy.states import Known, State, state_of

# How long claimed accounts are left alone; if we die, another takes them up after that.
LEASE = timedelta(seconds=45)
# A post within a week is an answer to a ping, as is each of its buttons.
ANSWER_WITHIN = timedelta(days=7)
UNANSWERED_MOST = 2

PINGS_SQL = """
    SELECT account.member_id, 'ping ' || ping.id,
           jsonb_build_object('network', account.platform, 'days', ping.silent_days)
    FROM networks_ping ping JOIN networks_linkedaccount account ON account.id = ping.account_id
    WHERE ping.id = ANY (%(pings)s)
"""

JUDGED = ("heard_to", "spoke_at", "silent_days", "usual_days", "limit_days")
COUNTED = ("unanswered", "stopped_at")


def claim_due(now: datetime, limit: int = 200) -> list[int]:
    """Take up to `limit` accounts that were read since they were judged, the longest due first."""
    due = LinkedAccount.objects.filter(listen_at__lte=now, member__takes_part=True).order_by(
        "listen_at"
    )
    with transaction.atomic():
        ids = list(
            due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[
                :limit
            ]
        )
        LinkedAccount.objects.filter(pk__in=ids).update(listen_at=now + LEASE)
    return ids


def listen(account_ids: Sequence[int], now: datetime) -> int:
    """Judge these accounts by their last good reads; returns how many pings were made."""
    with transaction.atomic():
        rows = locked(account_ids)
        accounts = [row.account for row in rows]
        known, pings = heard(accounts, now), _open_pings(account_ids)
        quiet: list[Listening] = []
        for row in rows:
            _judge(row, known[row.account_id])
            if row.account_id in pings:
                _end_if_spoken(row, pings[row.account_id], now)
            if state_of(known_of(row), now) == State.QUIET:
                quiet.append(row)
        Listening.objects.bulk_update(rows, [*JUDGED, *COUNTED])
        made = _ping(quiet, now)
        # Whoever was read once more in between stays due.
        LinkedAccount.objects.filter(
            pk__in=account_ids, last_read_at=F("listening__heard_to")
        ).update(listen_at=None)
    return made


def locked(account_ids: Sequence[int]) -> list[Listening]:
    """The rows of these accounts, made where there are none, and ours until the end.

    What else decides is read after the locks were got, so that what a member said in the
    meantime is known.
    """
    there = LinkedAccount.objects.filter(pk__in=account_ids).values_list("pk", flat=True)
    Listening.objects.bulk_create([Listening(account_id=pk) for pk in there], ignore_conflicts=True)
    mine = Listening.objects.select_for_update().filter(account__in=account_ids).order_by("pk")
    ids = [row.pk for row in mine]
    rows = Listening.objects.filter(pk__in=ids).select_related("account__member").order_by("pk")
    return list(rows)


def known_of(row: Listening) -> Known:
    """What decides on the state; `row.account.member` is there without a query."""
    account = row.account
    return Known(
        read_at=account.last_read_at,
        every=account.poll_every,
        can_be_read=account.state == LinkedAccount.State.ACTIVE,
        silent=row.silent_days,
        limit=row.limit_days,
        has_left=row.left_at is not None,
        rests=row.resting_since is not None or account.member.resting_since is not None,
        is_muted=row.is_muted,
    )


def _judge(row: Listening, what: Heard) -> None:
    read_at = row.account.last_read_at
    found = silence(
        what.posts,
        read_at,
        rests=what.rests,
        outages=what.outages,
        threshold=row.threshold_days,
    )
    row.heard_to, row.spoke_at, row.silent_days = read_at, what.spoke_at, found.days
    row.usual_days, row.limit_days = found.rhythm.usual, found.limit


def _open_pings(account_ids: Iterable[int]) -> dict[int, Ping]:
    pings = Ping.objects.select_for_update().filter(account__in=account_ids, ended_at=None)
    return {ping.account_id: ping for ping in pings}


def _end_if_spoken(row: Listening, ping: Ping, now: datetime) -> None:
    """A post ends the silence and the ping. After two without an answer no more come."""
    if row.spoke_at is None or row.spoke_at <= ping.silent_since:
        return
    end_pings([ping.account_id], Ping.End.SPOKE, now)
    if row.spoke_at - ping.made_at <= ANSWER_WITHIN:
        row.unanswered = 0
        return
    row.unanswered = min(row.unanswered + 1, UNANSWERED_MOST)
    if row.unanswered == UNANSWERED_MOST and row.stopped_at is None:
        row.stopped_at = now


def end_pings(account_ids: Iterable[int], end: Ping.End, now: datetime) -> int:
    """End the open pings of these accounts; their mail is sent no more. How many there were."""
    still_open = Ping.objects.filter(account__in=account_ids, ended_at=None)
    return still_open.update(ended_at=now, end=end, mail_due_at=None)


def _ping(quiet: Sequence[Listening], now: datetime) -> int:
    silences = {row.account_id: row.spoke_at for row in quiet}
    told = set(Ping.objects.filter(account__in=silences).values_list("account_id", "silent_since"))
    new = [row for row in quiet if (row.account_id, row.spoke_at) not in told]
    members = {row.account.member_id for row in new}
    wishes = {
        each.member_id: each
        for each in ListeningWishes.objects.filter(member__in=members, wants_pings=True)
    }
    made = Ping.objects.bulk_create(
        [_made(row, wishes.get(row.account.member_id), now) for row in new]
    )
    _tell([ping.pk for ping in made], now)
    return len(new)


def _tell(ping_ids: Sequence[int], now: datetime) -> None:
    """Let webhooks know; which words are said of a silence is for whoever may ask the API."""
    if ping_ids:
        outbox.put(Happening.PING, PINGS_SQL, {"pings": list(ping_ids)}, now)


def _made(row: Listening, wishes: ListeningWishes | None, now: datetime) -> Ping:
    """The row is locked, so nobody else makes a ping for its account at the same time."""
    assert row.spoke_at is not None and row.heard_to is not None  # noqa: PT018, S101
    return Ping(
        account_id=row.account_id,
        silent_since=row.spoke_at,
        heard_to=row.heard_to,
        silent_days=row.silent_days or 0,
        usual_days=row.usual_days,
        limit_days=row.limit_days or 0,
        is_chosen=row.threshold_days is not None,
        is_last=row.unanswered == UNANSWERED_MOST - 1,
        made_at=now,
        mail_due_at=mail_at(wishes, row.account.member.time_zone, now) if wishes else None,
    )


def mail_at(wishes: ListeningWishes, zone: str, now: datetime) -> datetime:
    """Now, or when the member's quiet hours are over."""
    return QuietHours(wishes.quiet_from, wishes.quiet_until).over(now, zone_of(zone))
