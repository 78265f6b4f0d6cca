"""What was read of the networks, for pages and for other apps."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, TruncDate
from django.urls import reverse

from accounts.models import Member
from accounts.names import initials_of
from language import gettext as _
from networks.connectors.platform import Platform
from networks.known_hosts import known_hosts
from networks.models import LinkedAccount, Outreach, Post, Reaction, Reading
from networks.problems import GRACE, KEPT, problem
from networks.registry import PLATFORMS
from networks.spending import Spent, spent_by
from networks.wording import ago, day, next_try, what_you_did

PULSE_DAYS = 28


@dataclass(frozen=True)
class AccountCard:
    """One linked account as its owner sees it; sentences are empty where there is nothing to say.

    `pulse` counts the posts of each of the last 28 UTC days, today last. `followers` and
    `curation` are None where no reading has a figure. `people` are distinct responders among the
    stored reactions.
    """

    account: LinkedAccount
    state_sentence: str
    freshness_sentence: str
    problem_sentence: str
    host_sentence: str
    is_known_host: bool
    needs_consent: bool
    is_first_read: bool
    followers: int | None
    curation: int | None
    posts: int
    reactions: int
    people: int
    outreach: int
    pulse: tuple[int, ...]
    webmention_line: str
    spent: Spent

    @property
    def platform(self) -> Platform:
        return PLATFORMS[self.account.platform]


@dataclass(frozen=True)
class MovedBy:
    """Somebody the member reached out to. `member_address` only if they may be found here."""

    name: str
    handle: str
    url: str
    platform: str
    platform_key: str
    sentence: str
    target_hash: int
    member_address: str | None

    @property
    def initials(self) -> str:
        return initials_of(self.name)


def accounts_of(member: Member) -> list[LinkedAccount]:
    return list(LinkedAccount.objects.filter(member=member))


def account_cards(member: Member, now: datetime) -> list[AccountCard]:
    """The member's accounts, first linked first; as many queries for one as for many."""
    accounts = list(LinkedAccount.objects.filter(member=member).select_related("site"))
    known = {name: known_hosts(name) for name in {account.platform for account in accounts}}
    posts = _rows_by_account(Post.objects.filter(account__member=member))
    outreach = _rows_by_account(Outreach.objects.filter(account__member=member))
    reactions = _reactions_by_account(member)
    figures = _figures_by_account(member)
    pulses = _pulses(member, now)
    spent = spent_by(accounts, now)
    return [
        _card(
            account,
            now,
            is_known=account.served_by in known[account.platform],
            figures=figures.get(account.pk, (None, None)),
            posts=posts.get(account.pk, 0),
            outreach=outreach.get(account.pk, 0),
            reacted=reactions.get(account.pk, (0, 0)),
            pulse=pulses[account.pk],
            spent=spent.get(account.pk, Spent()),
        )
        for account in accounts
    ]


def _card(
    account: LinkedAccount,
    now: datetime,
    *,
    is_known: bool,
    figures: tuple[int | None, int | None],
    posts: int,
    outreach: int,
    reacted: tuple[int, int],
    pulse: dict[date, int],
    spent: Spent,
) -> AccountCard:
    return AccountCard(
        account=account,
        state_sentence=_("Waits for next month") if spent.pause else _state(account),
        freshness_sentence=_freshness(account, now),
        problem_sentence=_problem(account, now),
        host_sentence="" if is_known else _unknown_host(account.served_by),
        is_known_host=is_known,
        needs_consent=account.state == LinkedAccount.State.NEEDS_CONSENT,
        is_first_read=account.first_read_done_at is None,
        followers=figures[0],
        curation=figures[1],
        posts=posts,
        reactions=reacted[0],
        people=reacted[1],
        outreach=outreach,
        pulse=_daily(pulse, now),
        webmention_line=_webmention_line(account),
        spent=spent,
    )


def _daily(pulse: dict[date, int], now: datetime) -> tuple[int, ...]:
    today = now.astimezone(UTC).date()
    days = (today - timedelta(days=back) for back in range(PULSE_DAYS - 1, -1, -1))
    return tuple(pulse.get(day, 0) for day in days)


def _state(account: LinkedAccount) -> str:
    if account.state == LinkedAccount.State.NEEDS_CONSENT:
        is_proven = PLATFORMS[account.platform].proof
        return _("Needs its line again") if is_proven else _("Needs your consent again")
    if account.first_read_done_at is None:
        return _("Reading it for the first time")
    return _("Could not be read last time") if account.last_problem else _("Listening")


def _freshness(account: LinkedAccount, now: datetime) -> str:
    if account.last_read_at is None:
        return _("Not read to the end yet.")
    return _("Last read {ago}.").format(ago=ago(account.last_read_at, now))


def _webmention_line(account: LinkedAccount) -> str:
    """What the member puts into a proven site, so that others' software tells us of answers."""
    site = getattr(account, "site", None)
    if site is None:
        return ""
    address = f"{settings.BASE_URL}{reverse('webmention', args=[site.endpoint])}"
    return f'<link rel="webmention" href="{address}">'


def _lost_proof(account: LinkedAccount) -> str:
    """While the proof of a site is missing and it is still read."""
    site = getattr(account, "site", None)
    if site is None or site.lost_at is None:
        return ""
    missed = _("We have missed it since {since}, and read on until {until}.").format(
        since=day(site.lost_at), until=day(site.lost_at + GRACE)
    )
    what = problem("proof_gone").happened(account.host)
    return f"{what} {missed} {_(KEPT)} {_('Put it back by then and nothing changes.')}"


def _problem(account: LinkedAccount, now: datetime) -> str:
    if not account.last_problem:
        return _lost_proof(account)
    said = problem(account.last_problem).while_reading(account.host)
    return f"{said} {next_try(account.next_poll_at, now)}".strip()


def _unknown_host(host: str) -> str:
    return _(
        "{host} is not among the servers whose figures we can rely on, so all accounts on such "
        "servers together count for 1,000 listeners at most. That says nothing about you."
    ).format(host=host)


def _rows_by_account(rows: QuerySet[Post] | QuerySet[Outreach]) -> dict[int, int]:
    counted = rows.order_by().values("account_id").annotate(n=Count("pk"))
    return {row["account_id"]: row["n"] for row in counted}


def _reactions_by_account(member: Member) -> dict[int, tuple[int, int]]:
    """(reactions, distinct responders) by account."""
    counted = (
        Reaction.objects.filter(account__member=member)
        .values("account_id")
        .annotate(n=Count("pk"), people=Count("responder_hash", distinct=True))
    )
    return {row["account_id"]: (row["n"], row["people"]) for row in counted}


def _figures_by_account(member: Member) -> dict[int, tuple[int | None, int | None]]:
    """(followers, curation) by account, each from the latest reading that has it."""
    readings = Reading.objects.filter(account__member=member)
    followers, curation = (
        dict(
            readings.exclude(**{name: None})
            .order_by("account_id", "-read_on")
            .distinct("account_id")
            .values_list("account_id", name)
        )
        for name in ("followers", "curation")
    )
    return {
        account: (followers.get(account), curation.get(account))
        for account in followers.keys() | curation.keys()
    }


def _pulses(member: Member, now: datetime) -> dict[int, dict[date, int]]:
    """Posts by account and UTC day."""
    counted = (
        Post.objects.filter(account__member=member, posted_at__gte=now - timedelta(days=PULSE_DAYS))
        .values("account_id", day=TruncDate("posted_at", tzinfo=UTC))
        .annotate(n=Count("pk"))
    )
    pulses: dict[int, dict[date, int]] = defaultdict(dict)
    for row in counted:
        pulses[row["account_id"]][row["day"]] = row["n"]
    return pulses


def people_who_moved(
    member: Member, since: datetime, limit: int, *, not_found: QuerySet[Any, Any] | None = None
) -> list[MovedBy]:
    """Whom the member reached out to most since then, on any network, with a sentence each.

    `not_found`: ids of members who are not to be found by this one whatever they said of their
    handles. All in one query.
    """
    acts = Outreach.objects.filter(account__member=member, happened_at__gte=since).exclude(
        target_hash__in=LinkedAccount.objects.filter(member=member).values("person_hash")
    )
    last = acts.filter(target_hash=OuterRef("target_hash")).order_by("-happened_at", "-pk")
    here = findable_to(member, not_found).filter(person_hash=OuterRef("target_hash"))
    people = (
        acts.values("target_hash")
        .annotate(n=Count("pk"), latest=Max("happened_at"), kinds=ArrayAgg("kind"))
        .annotate(
            last=Subquery(last.values(json=JSONObject(**_SHOWN_OF_A_PERSON))[:1]),
            member_address=Subquery(here.values("member__address")[:1]),
        )
        .order_by("-n", "-latest", "target_hash")[:limit]
    )
    return [_moved_by(person, since) for person in people]


_SHOWN_OF_A_PERSON = {
    "name": "target_name",
    "handle": "target_handle",
    "url": "target_url",
    "platform": "account__platform",
}


def _moved_by(person: Mapping[str, Any], since: datetime) -> MovedBy:
    shown = person["last"]
    return MovedBy(
        name=shown["name"] or shown["handle"],
        handle=shown["handle"],
        url=shown["url"],
        platform=PLATFORMS[shown["platform"]].label,
        platform_key=shown["platform"],
        sentence=what_you_did(Counter(person["kinds"]), since),
        target_hash=person["target_hash"],
        member_address=person["member_address"],
    )


def findable_to(
    member: Member, not_found: QuerySet[Any, Any] | None = None
) -> QuerySet[LinkedAccount]:
    """Accounts of others who said that they may be found by these handles."""
    findable = LinkedAccount.objects.filter(
        findable=True, state=LinkedAccount.State.ACTIVE, member__takes_part=True
    ).exclude(member=member)
    return findable if not_found is None else findable.exclude(member__in=not_found)


def findable_member(handle: str) -> LinkedAccount | None:
    """The account with exactly this handle, if its owner said people may find them by it.

    `handle` is `@user@host` in any case, with or without the first @; a site's is its address
    without the scheme.
    """
    return findable_accounts(handle).select_related("member").first()


def findable_accounts(handle: str) -> QuerySet[LinkedAccount]:
    """As `findable_member`: one account or none."""
    with_at, bare = spellings(handle)
    return LinkedAccount.objects.filter(
        Q(handle__iexact=with_at) | Q(handle__iexact=bare),
        findable=True,
        state=LinkedAccount.State.ACTIVE,
        member__takes_part=True,
    )


def spellings(handle: str) -> tuple[str, str]:
    """How a handle that somebody wrote may be stored: with an @ before it, or without."""
    bare = handle.strip().removeprefix("https://").removeprefix("@").rstrip("/")
    return f"@{bare}", bare


def has_answered(member: Member, other_member: Member, since: datetime | None = None) -> bool:
    """Whether the member reached out to one of the other member's linked accounts."""
    hashes = LinkedAccount.objects.filter(member=other_member).values("person_hash")
    acts = Outreach.objects.filter(account__member=member, target_hash__in=hashes)
    if since is not None:
        acts = acts.filter(happened_at__gte=since)
    return acts.exists()
