"""The hands a K went through, as one of those who held it may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Subquery
from django.utils.translation import gettext_lazy

from accounts.models import Member
from gifting.charts import Hand as PictureHand
from gifting.charts import PathPicture, path_picture
from gifting.links import link_text
from gifting.member_models import OpenWay
from gifting.models import NOBODY, Hand, K, Move

A_MEMBER = gettext_lazy("a member")
# What somebody did with the K; the page has the sentence for each.
GAVE_FIRST, PASSED_ON, HOLDS = "gave first", "passed on", "holds"
LAPSED, LEFT = "lapsed", "left"


@dataclass(frozen=True)
class Stop:
    """A hand on the way. Text and link are those it wrote when it gave the K away.

    `did` is what it did at `at`: one of the words above.

    `is_named` is False where the viewer may know no more than that it was a member.
    """

    name: str
    initials: str
    is_you: bool
    is_named: bool
    did: str
    at: datetime | None
    text: str = ""
    link: str = ""
    picture: str = ""

    @property
    def link_text(self) -> str:
        return link_text(self.link)

    @property
    def has_words(self) -> bool:
        return bool(self.text or self.link)


@dataclass(frozen=True)
class Journey:
    number: int
    address: str
    stops: tuple[Stop, ...]
    is_yours: bool
    is_held_by_you: bool
    lapses_at: datetime | None
    has_lapsed: bool
    is_opened_by_you: bool
    is_open: bool

    @property
    def hands(self) -> int:
        return len(self.stops)

    @property
    def picture(self) -> PathPicture:
        return path_picture(
            [PictureHand(stop.initials, stop.is_named, stop.is_you) for stop in self.stops]
        )


def journey(k_address: str, viewer: Member, now: datetime) -> Journey | None:
    """The way of a K, for those it came to and who did not return it; else None.

    Also for every other member once all hands on the way opened it. `is_yours`: the viewer is on
    it. A hand is named to the two it exchanged the K with, and to everybody on the way where giver
    and receiver of the gift it made (or, still holding it, of the gift it got) both allowed it.
    """
    k = K.objects.filter(address=k_address).select_related("hand__member", "period").first()
    if k is None:
        return None
    way, last = _way(
        k.moves.select_related("giver__member", "receiver__member", "words").order_by("step")
    )
    hands = [k.hand, *(move.receiver for move in way)]
    mine = next((hand.pk for hand in hands if hand.member_id == viewer.pk), NOBODY)
    opened_by = set(OpenWay.objects.filter(k=k).values_list("hand_id", flat=True))
    is_open = opened_by.issuperset(hand.pk for hand in hands)
    if mine == NOBODY and not is_open:
        return None
    has_lapsed = last.has_lapsed(now)
    stops = _stops(hands, way, mine)
    stops[-1] = _last_stop(stops[-1], hands[-1], last.made_at, has_lapsed=has_lapsed)
    return Journey(
        number=k.pk,
        address=k.address,
        stops=tuple(stops),
        is_yours=mine != NOBODY,
        is_held_by_you=hands[-1].pk == mine and not has_lapsed,
        lapses_at=last.lapses_at,
        has_lapsed=has_lapsed,
        is_opened_by_you=mine in opened_by,
        is_open=is_open,
    )


@dataclass(frozen=True)
class Arrived:
    """The last K that reached a member and stayed: who gave it, with which words, by which way."""

    number: int
    address: str
    name: str
    text: str
    link: str
    stops: tuple[Stop, ...]
    can_pass_on: bool

    @property
    def hands(self) -> int:
        return len(self.stops)

    @property
    def link_text(self) -> str:
        return link_text(self.link)

    @property
    def has_words(self) -> bool:
        return bool(self.text or self.link)


def latest_arrived(member: Member, now: datetime) -> Arrived | None:
    """The last gift that reached the member and was not returned, with its way; one query."""
    gifts = Move.objects.gifts().kept().filter(receiver__member=member)
    found = list(
        Move.objects.filter(k=Subquery(gifts.order_by("-made_at", "-id").values("k")[:1]))
        .select_related("k__hand__member", "k__period", "giver__member")
        .select_related("receiver__member", "words")
        .order_by("step")
    )
    if not found:
        return None
    k, (way, last) = found[0].k, _way(found)
    gift = next(move for move in reversed(way) if move.receiver.member_id == member.pk)
    hands = [k.hand, *(move.receiver for move in way)]
    return Arrived(
        number=k.pk,
        address=k.address,
        name=gift.giver.shown_name,
        text=gift.words.text,
        link=gift.words.link,
        stops=tuple(_stops(hands, way, gift.receiver_id)),
        can_pass_on=gift == last and not last.has_lapsed(now),
    )


def _way(found: Iterable[Move]) -> tuple[list[Move], Move]:
    """Of all moves of a K: the gifts that hold, without those that were returned; the last move."""
    moves = list(found)
    way: list[Move] = []
    for move in moves:
        if move.kind == Move.Kind.BACK:
            way.pop()
        else:
            way.append(move)
    return way, moves[-1]


def _stops(hands: Sequence[Hand], way: Sequence[Move], mine: int) -> list[Stop]:
    return [
        _stop(hand, got, gave, mine)
        for hand, got, gave in zip(hands, [None, *way], [*way, None], strict=True)
    ]


def _stop(hand: Hand, got: Move | None, gave: Move | None, mine: int) -> Stop:
    is_party = gave is not None and mine in (gave.giver_id, gave.receiver_id)
    is_shared = both_share(gave or got)
    is_giver = got is not None and mine == got.giver_id
    is_named = is_party or is_giver or is_shared or hand.pk == mine
    words = gave.words if gave is not None and (is_party or is_shared) else None
    member = hand.member if is_named else None
    return Stop(
        name=hand.shown_name if is_named or hand.member is None else str(A_MEMBER),
        initials=member.initials if member else "",
        is_you=hand.pk == mine,
        is_named=member is not None,
        did="" if gave is None else PASSED_ON if got else GAVE_FIRST,
        at=gave.made_at if gave else None,
        text=words.text if words else "",
        link=words.link if words else "",
        picture=member.picture if member else "",
    )


def _last_stop(stop: Stop, hand: Hand, arrived_at: datetime, *, has_lapsed: bool) -> Stop:
    if hand.member is None:
        return replace(stop, did=LEFT, at=arrived_at)
    return replace(stop, did=LAPSED if has_lapsed else HOLDS, at=arrived_at)


def both_share(gift: Move | None) -> bool:
    """Whether giver and receiver let everybody on the way see their names and the words."""
    return gift is not None and gift.words.giver_shares and gift.words.receiver_shares
