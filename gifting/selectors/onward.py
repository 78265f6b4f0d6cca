"""To whom a member's K went on, two steps out: a small map of appreciation."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import OuterRef, Subquery
from django.utils.translation import pgettext

from accounts.models import Member
from gifting.charts import Hand as PictureHand
from gifting.charts import MapPicture, map_picture
from gifting.models import Hand, Move
from gifting.selectors.journey import A_MEMBER, both_share

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _WhatFollowed(TypedDict):
        next_id: int | None

    _Gift = WithAnnotations[Move, _WhatFollowed]

# The newest gifts, and the newest people among them: a picture, not a register.
GIFTS_LOOKED_AT = 120
PEOPLE_SHOWN = 14
TWIGS_SHOWN = 4


@dataclass(frozen=True)
class Onward:
    """One K after it left the member's hand. `to` is None while it was not passed on.

    The second hand is named where both sides of that gift allowed it (or it is the member).
    """

    number: int
    address: str
    given_at: datetime
    to: PictureHand | None
    to_name: str
    passed_on_at: datetime | None


@dataclass(frozen=True)
class Branch:
    """Somebody the member gave to, and what became of those K, the newest first."""

    name: str
    hand: PictureHand
    gifts: tuple[Onward, ...]

    @property
    def twigs(self) -> tuple[PictureHand, ...]:
        return tuple(gift.to for gift in self.gifts if gift.to)[:TWIGS_SHOWN]


@dataclass(frozen=True)
class AppreciationMap:
    branches: tuple[Branch, ...]
    picture: MapPicture
    has_more: bool


def appreciation_map(member: Member) -> AppreciationMap:
    """Two queries, however many K were given."""
    gifts = _newest_gifts(member)
    followed = _followed([gift.next_id for gift in gifts if gift.next_id])
    by_receiver: dict[Hand, list[Onward]] = defaultdict(list)
    for gift in gifts:
        after = followed.get(gift.next_id) if gift.next_id else None
        by_receiver[gift.receiver].append(_onward(gift, after, member))
    branches = [_branch(hand, onward) for hand, onward in by_receiver.items()]
    shown = branches[:PEOPLE_SHOWN]
    return AppreciationMap(
        branches=tuple(shown),
        picture=map_picture(
            PictureHand(member.initials), [(branch.hand, branch.twigs) for branch in shown]
        ),
        has_more=len(branches) > PEOPLE_SHOWN or len(gifts) == GIFTS_LOOKED_AT,
    )


def _newest_gifts(member: Member) -> "list[_Gift]":
    following = (
        Move.objects.gifts().kept().filter(k=OuterRef("k"), step__gt=OuterRef("step"))
    ).order_by("step")
    gifts = (
        Move.objects.gifts()
        .kept()
        .filter(giver__member=member)
        .select_related("k", "receiver__member")
        .annotate(next_id=Subquery(following.values("pk")[:1]))
        .order_by("-made_at", "-id")[:GIFTS_LOOKED_AT]
    )
    return cast("list[_Gift]", list(gifts))


def _followed(ids: list[int]) -> dict[int, Move]:
    moves = Move.objects.filter(pk__in=ids).select_related("receiver__member", "words")
    return {move.pk: move for move in moves}


def _branch(hand: Hand, gifts: list[Onward]) -> Branch:
    return Branch(hand.shown_name, _pictured(hand), tuple(gifts))


def _onward(gift: Move, after: Move | None, member: Member) -> Onward:
    if after is None:
        return Onward(gift.k_id, gift.k.address, gift.made_at, None, "", None)
    hand = after.receiver
    is_you = hand.member_id == member.pk
    is_named = is_you or both_share(after)
    if is_you:
        name = pgettext("passed on to", "you")
    else:
        name = hand.shown_name if is_named or not hand.member else str(A_MEMBER)
    pictured = _pictured(hand, is_you=is_you) if is_named else PictureHand("", is_named=False)
    return Onward(gift.k_id, gift.k.address, gift.made_at, pictured, name, after.made_at)


def _pictured(hand: Hand, *, is_you: bool = False) -> PictureHand:
    initials = hand.member.initials if hand.member else ""
    return PictureHand(initials, is_named=hand.member is not None, is_you=is_you)
