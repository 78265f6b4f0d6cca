"""People a member keeps in mind, and which of them can be given K here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, Upper

from accounts.models import Member
from accounts.names import initials_of
from accounts.paging import Place, older
from gifting.handles import handle_key, keys_of
from gifting.links import link_text
from gifting.member_models import KeptInMind
from gifting.models import Hand
from gifting.selectors.people import shut_to
from networks.selectors import findable_to

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


def kept_in_mind(
    member: Member, *, first: int = 0, count: int = 20, before: Place | None = None
) -> list[KeptPerson]:
    """Whom the member keeps in mind, the newest first; in one query.

    From the `first`-th on, or from the one before a place on.
    """
    here = _here(member)
    by_handle = here.filter(
        platform=OuterRef("platform"),
        upper_handle__in=[OuterRef("handle_key"), Concat(Value("@"), OuterRef("handle_key"))],
    )
    by_member = here.filter(member=OuterRef("of__member"))
    kept = older(KeptInMind.objects.filter(keeper__member=member), before, by="kept_at")
    rows = (
        kept.select_related("of__member")
        .annotate(
            member_address=Case(
                When(of=None, then=Subquery(by_handle.values("member__address")[:1])),
                default=Subquery(by_member.values("member__address")[:1]),
            )
        )
        .order_by("-kept_at", "-id")[first : first + count]
    )
    return [_person(row, row.member_address or "") for row in rows]


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
    written = keys_of(handle_key(handle))
    return _here(keeper).filter(platform=platform, upper_handle__in=written).exists()


def _here(keeper: Member) -> QuerySet[Any]:
    """Accounts whose owners may be given to: the same query whether anybody is found or not."""
    not_found = shut_to(keeper).values("member")
    return findable_to(keeper, not_found).annotate(upper_handle=Upper("handle"))


def _person(row: KeptInMind, address: str) -> KeptPerson:
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
