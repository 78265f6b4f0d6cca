"""Whom the API of old finds: members who published their score, switched the API on, and are
findable by the handle that is asked for. Everybody else is as if they were not here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.templatetags.static import static

from accounts.api_models import ApiPresence
from klout.api.classic.wire import (
    PEOPLE_AT_MOST,
    TOPICS_AT_MOST,
    Circle,
    Figures,
    Subject,
)
from networks.models import LinkedAccount, Outreach, Reaction
from networks.selectors import spellings
from networks.topics.names import number_of, slug_of
from networks.topics.selectors import topics_of
from scoring.models import Score
from scoring.rule import ONE, WINDOW_DAYS
from scoring.selectors.figures import preference
from scoring.selectors.public import showable

# The codes of old, as far as a platform of ours answers to them, and new ones for today's.
CODES = {"tw": "x", "ma": "mastodon", "bs": "bluesky", "gh": "github", "yt": "youtube"}
NAMES = {"twitter": "tw"} | {platform: code for code, platform in CODES.items()}
# Ids of these mean something at one server only, so the handle stands for them.
WITHOUT_IDS = {"mastodon"}
CHANGES_OVER = (1, 5, 7, 30)


@dataclass(frozen=True)
class Found:
    """A member by way of one linked account."""

    member_id: int
    kloutid: int
    network_id: str


def visible(now: datetime) -> QuerySet[ApiPresence]:
    """Members of whom the API speaks: those whose score may stand in public places."""
    return ApiPresence.objects.filter(
        Exists(showable(now).filter(member=OuterRef("member"))),
        is_visible=True,
        member__takes_part=True,
        member__profile__published_at__isnull=False,
        member__profile__shows_score=True,
    )


def by_handle(code: str, handle: str, now: datetime) -> Found | None:
    """Who is called that there, in any case, with or without the first @."""
    with_at, bare = spellings(handle)
    return _found(code, Q(handle__iexact=with_at) | Q(handle__iexact=bare), now)


def by_id(code: str, network_id: str, now: datetime) -> Found | None:
    """Whose account has that id there."""
    if CODES.get(code) in WITHOUT_IDS:
        return by_handle(code, network_id, now)
    return _found(code, Q(remote_id=network_id), now)


def by_kloutid(kloutid: str, now: datetime) -> ApiPresence | None:
    """The visible member with this number; a text that is no number is nobody's."""
    if not (kloutid.isascii() and kloutid.isdigit() and len(kloutid) == 18):
        return None
    return visible(now).filter(kloutid=int(kloutid)).select_related("member").first()


def network_id(presence: ApiPresence, code: str) -> str | None:
    """What the member is called on that network, where people may find them by it."""
    account = (
        _findable(code).filter(member_id=presence.member_id).order_by("linked_at", "pk").first()
    )
    return None if account is None else _id_of(account)


def screen_names(kloutids: Iterable[int]) -> dict[int, str]:
    """What visible members are called on X, by their number, where people may find them by it."""
    rows = _findable("tw").filter(member__api_presence__kloutid__in=list(kloutids))
    return {
        kloutid: handle.removeprefix("@")
        for kloutid, handle in rows.order_by("-linked_at", "-pk").values_list(
            "member__api_presence__kloutid", "handle"
        )
    }


def _found(code: str, condition: Q, now: datetime) -> Found | None:
    account = (
        _findable(code)
        .filter(condition, member__in=visible(now).values("member"))
        .annotate(kloutid=F("member__api_presence__kloutid"))
        .order_by("linked_at", "pk")
        .first()
    )
    if account is None:
        return None
    return Found(account.member_id, account.kloutid, _id_of(account))


def _findable(code: str) -> QuerySet[LinkedAccount]:
    return LinkedAccount.objects.filter(
        platform=CODES.get(code, ""), findable=True, state=LinkedAccount.State.ACTIVE
    )


def _id_of(account: LinkedAccount) -> str:
    if account.platform in WITHOUT_IDS:
        return account.handle.removeprefix("@")
    return account.remote_id


def figures_of(members: Iterable[int], now: datetime) -> dict[int, Figures]:
    """By member, for those of them who are visible and have a score; in three queries."""
    presences = {
        presence.member_id: presence
        for presence in visible(now).filter(member__in=list(members)).select_related("member")
    }
    newest = dict(
        showable(now)
        .filter(member__in=presences)
        .order_by("member_id", "-on")
        .distinct("member_id")
        .values_list("member_id", "on")
    )
    scores = _scores(newest)
    return {
        member: _figures(presences[member], on, scores) for member, on in sorted(newest.items())
    }


def _scores(newest: dict[int, date]) -> dict[tuple[int, date], Score]:
    """The scores of the newest day of each and of those it is compared with, as pages show them."""
    days = {on - timedelta(days=back) for on in newest.values() for back in (0, *CHANGES_OVER)}
    chosen: dict[tuple[int, date], Score] = {}
    for row in Score.objects.filter(member__in=newest, on__in=days):
        place = (row.member_id, row.on)
        is_better = place not in chosen or preference(row.rule, row.on) > preference(
            chosen[place].rule, row.on
        )
        if is_better:
            chosen[place] = row
    return chosen


def _figures(presence: ApiPresence, on: date, scores: dict[tuple[int, date], Score]) -> Figures:
    now = scores[presence.member_id, on]
    before = {
        back: scores.get((presence.member_id, on - timedelta(days=back))) for back in CHANGES_OVER
    }
    return Figures(
        kloutid=presence.kloutid,
        nick=presence.member.name,
        now=now.hundredths,
        # A change of rule is no change of the member's.
        changes={
            back: now.hundredths - row.hundredths
            for back, row in before.items()
            if row is not None and row.rule == now.rule
        },
        listens=round(now.reach / ONE),
    )


def subjects(member_id: int, now: datetime) -> list[Subject]:
    """What the member is answered on, as far as their public profile says so."""
    shown = visible(now).filter(member=member_id, member__profile__shows_topics=True)
    if not shown.exists():
        return []
    picture = f"{settings.BASE_URL}{static('img/favicon.svg')}"
    return [
        Subject(number_of(topic.key), topic.name, slug_of(topic.name), picture)
        for topic in topics_of(member_id)[:TOPICS_AT_MOST]
    ]


def influencers(member_id: int, now: datetime) -> Circle:
    """Whom the member reached out to in the window, among visible members; most often first."""
    acts = Outreach.objects.filter(account__member=member_id)
    return _circle(member_id, _often(acts, "target_hash", now), now)


def influencees(member_id: int, now: datetime) -> Circle:
    """Who responded to the member in the window, among visible members; most often first."""
    acts = Reaction.objects.filter(account__member=member_id)
    return _circle(member_id, _often(acts, "responder_hash", now), now)


def _often(
    acts: QuerySet[Outreach] | QuerySet[Reaction], person: str, now: datetime
) -> dict[int, int]:
    """How often each visible member is on the other side of these acts."""
    owners = LinkedAccount.objects.filter(member__in=visible(now).values("member"))
    recent = acts.filter(
        happened_at__gte=now - timedelta(days=WINDOW_DAYS),
        **{f"{person}__in": owners.values("person_hash")},
    )
    counted = dict(recent.values_list(person).annotate(n=Count("pk")).order_by())
    by_member: dict[int, int] = {}
    for hashed, member in owners.filter(person_hash__in=counted).values_list(
        "person_hash", "member_id"
    ):
        by_member[member] = by_member.get(member, 0) + counted[hashed]
    return by_member


def _circle(member_id: int, often: dict[int, int], now: datetime) -> Circle:
    others = sorted(often.keys() - {member_id}, key=lambda other: (-often[other], other))
    figures = figures_of(others, now)
    scored = [figures[other] for other in others if other in figures]
    return Circle(scored[:PEOPLE_AT_MOST], len(scored))
