"""People a member keeps in mind, and which of them can be given K here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Upper

from accounts.models import Member
from accounts.names import initials_of
from gifting.handles import handle_key, keys_of
from gifting.links import link_text
from gifting.member_models import KeptInMind
from gifting.models import Hand
from gifting.selectors.people import shut_to
from networks.models import LinkedAccount

# From so many of the newest the dashboard chooses whom it brings back.
LOOKED_AT = 20


@dataclass(frozen=True)
class KeptPerson:
    """`member_address` only if they can be found and given to here, else empty.

    `is_news`: since the keeper kept them they linked this handle, and the keeper has not said
    yet that they read so.
    """

    id: int
    name: str
    handle: str
    platform: str
    reason: str
    link: str
    kept_at: datetime
    here_since: datetime | None
    member_address: str
    is_news: bool

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def link_text(self) -> str:
        return link_text(self.link)


@dataclass(frozen=True)
class _Found:
    """Addresses of members who may be given to, by the handle or the id they were asked by."""

    by_handle: dict[tuple[str, str], str]
    by_member: dict[int, str]


def kept_in_mind(member: Member, *, first: int = 0, count: int = 20) -> list[KeptPerson]:
    """Whom the member keeps in mind, the newest first; as many queries for one as for many."""
    rows = (
        KeptInMind.objects.filter(keeper__member=member)
        .select_related("of__member")
        .order_by("-kept_at", "-id")[first : first + count]
    )
    return _seen(list(rows), member)


def kept_to_bring_back(member: Member, most: int) -> list[KeptPerson]:
    """A few of them for the dashboard: the news first, then those who can be given to."""
    people = kept_in_mind(member, count=LOOKED_AT)
    return sorted(people, key=lambda each: (not each.is_news, not each.member_address))[:most]


def kept_one(member: Member, kept_id: int) -> KeptInMind | None:
    return KeptInMind.objects.filter(pk=kept_id, keeper__member=member).first()


def kept_handle(member: Member, platform: str, handle: str) -> KeptInMind | None:
    """The member's own note about this handle, if there is one."""
    return KeptInMind.objects.filter(
        keeper__member=member, of=None, platform=platform, handle_key=handle_key(handle)
    ).first()


def kept_hand(member: Member, of: Hand) -> KeptInMind | None:
    return KeptInMind.objects.filter(keeper__member=member, of=of).first()


def can_be_given_to(keeper: Member, platform: str, handle: str) -> bool:
    """Whether this handle leads to a member here, as far as the keeper may know."""
    key = handle_key(handle)
    return (platform, key) in _found(keeper, [key], []).by_handle


def _seen(rows: list[KeptInMind], keeper: Member) -> list[KeptPerson]:
    members = [row.of.member_id for row in rows if row.of and row.of.member_id]
    found = _found(keeper, [row.handle_key for row in rows if row.handle_key], members)
    return [_person(row, found) for row in rows]


def _found(keeper: Member, keys: Iterable[str], members: Iterable[int]) -> _Found:
    """The same query whether anybody is found or not."""
    written = [text for key in keys for text in keys_of(key)]
    here = list(
        LinkedAccount.objects.annotate(upper_handle=Upper("handle"))
        .filter(
            Q(upper_handle__in=written) | Q(member__in=list(members)),
            findable=True,
            state=LinkedAccount.State.ACTIVE,
            member__takes_part=True,
        )
        .exclude(member=keeper)
        .exclude(member__in=shut_to(keeper).values("member"))
        .values_list("platform", "handle", "member_id", "member__address")
    )
    return _Found(
        {(platform, handle_key(handle)): address for platform, handle, _, address in here},
        {member_id: address for _, _, member_id, address in here},
    )


def _person(row: KeptInMind, found: _Found) -> KeptPerson:
    if row.of is None:
        address = found.by_handle.get((row.platform, row.handle_key), "")
    else:
        address = found.by_member.get(row.of.member_id or 0, "")
    return KeptPerson(
        id=row.pk,
        name=row.name or (row.of.shown_name if row.of else row.handle),
        handle=row.handle,
        platform=row.get_platform_display() if row.platform else "",
        reason=row.reason,
        link=row.link,
        kept_at=row.kept_at,
        here_since=row.here_since,
        member_address=address,
        is_news=bool(address and row.here_since and not row.noted_at),
    )
