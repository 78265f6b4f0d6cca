"""The gifts that reached a member and stayed: their words first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Exists, OuterRef, Q

from accounts.models import Member
from gifting.links import link_text
from gifting.models import Hand, Move, MoveQuerySet, Report

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _WhereItIs(TypedDict):
        has_gone_on: bool

    _Gift = WithAnnotations[Move, _WhereItIs]

# A letter holds no more than this, so that a page stays a page.
LETTER_MOST = 1_000


@dataclass(frozen=True)
class GiftReceived:
    number: int
    address: str
    step: int
    at: datetime
    name: str
    initials: str
    picture: str
    text: str
    link: str
    can_pass_on: bool

    @property
    def link_text(self) -> str:
        return link_text(self.link)

    @property
    def has_words(self) -> bool:
        return bool(self.text or self.link)


@dataclass(frozen=True)
class Letter:
    """The words of one year (UTC). `years` are all that have words, the newest first."""

    year: int
    years: tuple[int, ...]
    gifts: tuple[GiftReceived, ...]
    is_cut: bool


def gifts_received(
    member: Member, now: datetime, *, first: int = 0, count: int = 20
) -> list[GiftReceived]:
    """What came and was neither taken back nor declined, the newest first."""
    gifts = _kept_by(member).order_by("-made_at", "-id")[first : first + count]
    return _seen(gifts, now)


def letter(member: Member, year: int, now: datetime) -> Letter:
    """The words that came in a year, the oldest first.

    Words of givers the member blocked, and words they reported, stay out of it.
    """
    gifts = (
        _kept_by(member)
        .exclude(words__text="", words__link="")
        .filter(
            ~Exists(Report.objects.filter(move=OuterRef("pk"), reporter=OuterRef("receiver"))),
            ~Exists(Hand.objects.filter(member=member, blocks__of=OuterRef("giver"))),
        )
    )
    years = gifts.order_by("-made_at__year").values_list("made_at__year", flat=True).distinct()
    of_the_year = gifts.filter(
        made_at__gte=datetime(year, 1, 1, tzinfo=UTC),
        made_at__lt=datetime(year + 1, 1, 1, tzinfo=UTC),
    ).order_by("made_at", "id")
    shown = _seen(of_the_year[: LETTER_MOST + 1], now)
    return Letter(year, tuple(years), tuple(shown[:LETTER_MOST]), len(shown) > LETTER_MOST)


def _kept_by(member: Member) -> MoveQuerySet:
    return Move.objects.gifts().kept().filter(Q(receiver__member=member))


def _seen(gifts: MoveQuerySet, now: datetime) -> list[GiftReceived]:
    after = Move.objects.filter(k=OuterRef("k"), step=OuterRef("step") + 1)
    annotated = gifts.select_related("k__period", "giver__member", "words").annotate(
        has_gone_on=Exists(after)
    )
    return [_gift(move, now) for move in cast("Iterable[_Gift]", annotated)]


def _gift(move: "_Gift", now: datetime) -> GiftReceived:
    has_lapsed = move.has_lapsed(now)
    return GiftReceived(
        number=move.k_id,
        address=move.k.address,
        step=move.step,
        at=move.made_at,
        name=move.giver.shown_name,
        initials=move.giver.member.initials if move.giver.member else "",
        picture=move.giver.member.picture if move.giver.member else "",
        text=move.words.text,
        link=move.words.link,
        can_pass_on=not move.has_gone_on and not has_lapsed,
    )
