"""What the sonobuoy hears, for pages and for other apps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, FilteredRelation, OuterRef, Q
from django.db.models.functions import JSONObject, TruncDate

from accounts.models import Member
from networks.listening_models import Listening, ListeningWishes, Ping
from networks.models import LinkedAccount, Post
from networks.problems import problem
from networks.sonobuoy import wording
from networks.sonobuoy.chart import RhythmChart, rhythm_chart
from networks.sonobuoy.heard import outages, rests_of
from networks.sonobuoy.listening import known_of
from networks.sonobuoy.rhythm import WINDOW_DAYS, Span
from networks.sonobuoy.states import LATE_AFTER_PERIODS, State, is_late, state_of
from networks.wording import next_try

PULSE_DAYS = 28
# After so long a rest a member leaves public places.
LEAVES_PUBLIC_PLACES_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class OpenPing:
    """A ping that has no answer yet. If `is_last` stays without one too, no more come."""

    made_at: datetime
    is_last: bool


@dataclass(frozen=True)
class Buoy:
    """One linked account as the sonobuoy hears it, as of its last good read.

    `pill` is the state in a word or two; `silence`, `rhythm` and `needs` (what to do where it is
    not read) are sentences. Days are None while unknown. `rests_alone`: the account itself
    rests, not only the member. `pulse` counts the posts of each of the last 28 UTC days, today
    last. `stopped_by_itself`: two pings stayed without an answer. `lost_since`: since when
    it counts as not read.
    """

    account_id: int
    label: str
    handle: str
    url: str
    state: State
    pill: str
    silence: str
    rhythm: str
    needs: str
    needs_consent: bool
    is_first_read: bool
    has_problem: bool
    read_at: datetime | None
    spoke_at: datetime | None
    silent_days: int | None
    usual_days: int | None
    limit_days: int | None
    threshold_days: int | None
    since: datetime | None
    rests_alone: bool
    is_muted: bool
    stopped_by_itself: bool
    ping: OpenPing | None
    pulse: tuple[int, ...]
    lost_since: datetime | None = None

    @property
    def is_listened_to(self) -> bool:
        """Whether a silence there means anything."""
        return self.state not in (State.RESTING, State.LEFT)


def buoys(member: Member, now: datetime) -> list[Buoy]:
    """All of the member's accounts, first linked first, in one query."""
    return [_buoy(account, posts, now) for account, posts in _accounts(member, PULSE_DAYS, now)]


def buoys_with_charts(member: Member, now: datetime) -> list[tuple[Buoy, RhythmChart]]:
    """As `buoys`, each with its twelve weeks drawn: three queries."""
    found = _accounts(member, WINDOW_DAYS, now)
    accounts = [account for account, _ in found]
    unread, rested = _unread(accounts, now), _spans(rests_of(accounts, now))
    drawn = []
    for account, posts in found:
        buoy = _buoy(account, posts, now)
        chart = rhythm_chart(
            posts,
            _day(now),
            heard_on=_day(buoy.read_at) if buoy.read_at and buoy.is_listened_to else None,
            rests=rested[account.pk],
            outages=unread[account.pk],
        )
        drawn.append((buoy, chart))
    return drawn


@dataclass(frozen=True)
class RestingNow:
    """A network that rests by itself, since when."""

    label: str
    handle: str
    since: datetime


def resting_now(member: Member) -> list[RestingNow]:
    """The networks that the member lets rest; none while they rest themselves. One query."""
    if member.resting_since:
        return []
    resting = Listening.objects.filter(account__member=member, resting_since__isnull=False)
    return [
        RestingNow(row.account.platform_label, row.account.handle, row.resting_since)
        for row in resting.select_related("account").order_by("resting_since", "pk")
        if row.resting_since
    ]


def _accounts(
    member: Member, days: int, now: datetime
) -> list[tuple[LinkedAccount, dict[date, int]]]:
    """With what was heard of them, their open pings, and their posts of the last UTC days."""
    begins = datetime.combine(_day(now) - timedelta(days=days - 1), time(), UTC)
    by_day = (
        Post.objects.filter(account=OuterRef("pk"), posted_at__gte=begins)
        .values(day=TruncDate("posted_at", tzinfo=UTC))
        .annotate(posts=Count("pk"))
    )
    accounts = (
        LinkedAccount.objects.filter(member=member)
        .select_related("listening")
        .annotate(
            open=FilteredRelation("pings", condition=Q(pings__ended_at=None)),
            ping_made_at=F("open__made_at"),
            ping_is_last=F("open__is_last"),
            by_day=ArraySubquery(by_day.values(json=JSONObject(day="day", posts="posts"))),
        )
    )
    found: list[tuple[LinkedAccount, dict[date, int]]] = []
    for account in accounts:
        account.member = member
        posts = {date.fromisoformat(each["day"]): each["posts"] for each in account.by_day}
        found.append((account, posts))
    return found


def _unread(accounts: Sequence[LinkedAccount], now: datetime) -> dict[int, list[Span]]:
    """Times without a good read in the drawn weeks, the one that lasts included."""
    begins = datetime.combine(_day(now) - timedelta(days=WINDOW_DAYS - 1), time(), UTC)
    found = _spans(outages(accounts, {account.pk: begins for account in accounts}))
    for account in accounts:
        if account.last_read_at and is_late(account.last_read_at, account.poll_every, now):
            found[account.pk].append(Span(account.last_read_at, now))
    return found


def _spans(rows: Iterable[tuple[int, Span]]) -> defaultdict[int, list[Span]]:
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for account_id, span in rows:
        found[account_id].append(span)
    return found


def _buoy(account: LinkedAccount, posts: dict[date, int], now: datetime) -> Buoy:
    row: Listening = getattr(account, "listening", None) or Listening(account=account)
    row.account = account
    state = state_of(known_of(row), now)
    made_at: datetime | None = getattr(account, "ping_made_at", None)
    silent_days = None if state in (State.RESTING, State.LEFT) else row.silent_days
    today = _day(now)
    return Buoy(
        account_id=account.pk,
        label=account.platform_label,
        handle=account.handle,
        url=account.url,
        state=state,
        pill=wording.label(state, row.silent_days),
        silence=wording.silence_sentence(row.spoke_at, silent_days, row.heard_to),
        rhythm=wording.rhythm_sentence(
            row.usual_days, row.limit_days, is_chosen=row.threshold_days is not None
        ),
        needs=_needs(account, now) if state == State.NOT_READ else "",
        needs_consent=account.state == LinkedAccount.State.NEEDS_CONSENT,
        is_first_read=account.first_read_done_at is None,
        has_problem=bool(account.last_problem),
        read_at=account.last_read_at,
        spoke_at=row.spoke_at,
        silent_days=row.silent_days,
        usual_days=row.usual_days,
        limit_days=row.limit_days,
        threshold_days=row.threshold_days,
        since=row.left_at or row.resting_since or account.member.resting_since,
        rests_alone=row.resting_since is not None,
        is_muted=row.is_muted,
        stopped_by_itself=row.stopped_at is not None,
        ping=OpenPing(made_at, bool(account.ping_is_last)) if made_at else None,  # type: ignore[attr-defined]
        pulse=tuple(posts.get(today - timedelta(days=n), 0) for n in reversed(range(PULSE_DAYS))),
        lost_since=_lost_since(account) if state == State.NOT_READ else None,
    )


def _lost_since(account: LinkedAccount) -> datetime | None:
    if account.state == LinkedAccount.State.NEEDS_CONSENT:
        return account.last_problem_at
    return account.last_read_at and account.last_read_at + LATE_AFTER_PERIODS * account.poll_every


def _needs(account: LinkedAccount, now: datetime) -> str:
    """What happened, and what there is to do; the sentences of the networks page."""
    if not account.last_problem:
        return ""
    said = problem(account.last_problem).while_reading(account.host)
    return f"{said} {next_try(account.next_poll_at, now)}".strip()


def wishes_of(member: Member) -> ListeningWishes:
    """What mail the member wants; without a row, none."""
    return ListeningWishes.objects.filter(member=member).first() or ListeningWishes(member=member)


def open_pings(member: Member) -> int:
    """How many pings wait for an answer; for the title of pages."""
    return Ping.objects.filter(account__member=member, ended_at=None).count()


def resting_since(member: Member) -> datetime | None:
    """Since when all of the member's clocks stand still: they rest, or each of their accounts does.

    None if one of them goes, or there are none.
    """
    if member.resting_since:
        return member.resting_since
    rests = list(
        LinkedAccount.objects.filter(member=member).values_list(
            "listening__resting_since", flat=True
        )
    )
    known = [since for since in rests if since]
    return max(known) if known and len(known) == len(rests) else None


def has_left_public_places(since: datetime | None, now: datetime) -> bool:
    """Whether a rest (`resting_since`) lasts so long that the member is not shown in public."""
    return since is not None and now - since > LEAVES_PUBLIC_PLACES_AFTER


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
