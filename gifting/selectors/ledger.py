"""Every gift that a member gave or received, with what can be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, TypedDict, cast
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.paging import Place, older
from gifting import periods
from gifting.links import link_text
from gifting.models import Hand, Move, MoveQuerySet, Words
from networks.models import LinkedAccount

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _WhatCameOfIt(TypedDict):
        after_kind: str | None
        after_declined: bool | None
        returns: bool

    _Gift = WithAnnotations[Move, _WhatCameOfIt]


@dataclass(frozen=True)
class Entry:
    """One gift as one of its two sides sees it.

    `state` is what became of it. `returns` says that the same two people had a K the other way
    within 30 days before: it counts in no figure.
    """

    id: int
    is_given: bool
    number: int
    address: str
    step: int
    at: datetime
    name: str
    handle: str
    initials: str
    picture: str
    text: str
    link: str
    state: str
    returns: bool
    is_shared_by_me: bool
    is_on_my_way: bool
    minutes_to_undo: int
    can_take_back: bool
    can_pass_on: bool
    can_decline: bool
    can_block: bool
    # Also what was taken back after it was read.
    can_report: bool

    @property
    def link_text(self) -> str:
        return link_text(self.link)

    @property
    def has_words(self) -> bool:
        return bool(self.text or self.link)

    @property
    def more(self) -> str:
        """What the page of this gift is for, as a label of the way there."""
        deeds = (
            (_("decline"), self.can_decline),
            (_("block"), self.can_block),
            (_("report"), self.can_report),
        )
        offered = ", ".join(deed for deed, is_offered in deeds if is_offered)
        return capfirst(offered) or _("Who may see it")


@dataclass(frozen=True)
class _Eyes:
    """Who looks, when, and what is known of all the entries at once."""

    hand: Hand
    now: datetime
    handles: dict[int, str]
    blocked: frozenset[int]


def entries(member: Member, now: datetime, *, first: int = 0, count: int = 20) -> list[Entry]:
    """The member's gifts, newest first, from the `first`-th on."""
    hand = Hand.objects.filter(member=member).first()
    return _seen(_gifts_of(hand)[first : first + count], hand, now) if hand else []


def entries_before(
    member: Member, before: Place | None, now: datetime, *, is_given: bool | None, count: int
) -> list[Entry]:
    """The member's gifts from the one before this place on, newest first.

    `is_given`: only those given, or only those received; None: both.
    """
    hand = Hand.objects.filter(member=member).first()
    if hand is None:
        return []
    gifts = _gifts_of(hand)
    if is_given is not None:
        gifts = gifts.filter(giver=hand) if is_given else gifts.filter(receiver=hand)
    return _seen(older(gifts, before)[:count], hand, now)


def entry(member: Member, k_address: str, step: int, now: datetime) -> Entry | None:
    """One gift, for its giver or its receiver; None for everybody else."""
    hand = Hand.objects.filter(member=member).first()
    if hand is None:
        return None
    return next(
        iter(_seen(_gifts_of(hand).filter(k__address=k_address, step=step), hand, now)), None
    )


def gift_of_request(giver: Member, key: str | None) -> Move | None:
    """The gift that a form with this key has already made."""
    try:
        asked = UUID(str(key))
    except ValueError:
        return None
    made = Move.objects.filter(giver__member=giver, key=asked)
    return made.select_related("receiver__member").first()


def _gifts_of(hand: Hand) -> MoveQuerySet:
    either = Q(giver=hand) | Q(receiver=hand)
    return Move.objects.gifts().filter(either).order_by("-made_at", "-id")


def _with_what_came_of_it(gifts: MoveQuerySet) -> "list[_Gift]":
    after = Move.objects.filter(k=OuterRef("k"), step=OuterRef("step") + 1)
    other_way = (
        Move.objects.gifts()
        .kept()
        .filter(
            giver=OuterRef("receiver"),
            receiver=OuterRef("giver"),
            made_at__lte=OuterRef("made_at"),
            made_at__gte=OuterRef("made_at") - periods.RETURNED_WITHIN,
            id__lt=OuterRef("id"),
        )
    )
    annotated = gifts.select_related(
        "k__period", "giver__member", "receiver__member", "words"
    ).annotate(
        after_kind=Subquery(after.values("kind")[:1]),
        after_declined=Subquery(after.values("declined")[:1]),
        returns=Exists(other_way),
    )
    return cast("list[_Gift]", list(annotated))


def _seen(gifts: MoveQuerySet, hand: Hand, now: datetime) -> list[Entry]:
    moves = _with_what_came_of_it(gifts)
    others = {move.receiver if move.giver_id == hand.pk else move.giver for move in moves}
    eyes = _Eyes(
        hand=hand,
        now=now,
        handles=_handles(others),
        blocked=frozenset(hand.blocks.values_list("of_id", flat=True)),
    )
    return [_entry(move, eyes) for move in moves]


def _handles(hands: set[Hand]) -> dict[int, str]:
    """By hand id, the handle of the account linked first, of those who may be found by one."""
    accounts = LinkedAccount.objects.filter(
        member__hand__in=hands, findable=True, state=LinkedAccount.State.ACTIVE
    ).order_by("-linked_at", "-id")
    return dict(accounts.annotate(hand=F("member__hand")).values_list("hand", "handle"))


def _entry(move: "_Gift", eyes: _Eyes) -> Entry:
    is_given = move.giver_id == eyes.hand.pk
    other = move.receiver if is_given else move.giver
    words = _words(move, is_given)
    in_place = move.after_kind is None
    in_hand = not is_given and in_place and not move.has_lapsed(eyes.now)
    left = move.made_at + periods.UNDO_WINDOW - eyes.now
    can_take_back = is_given and in_place and left > timedelta(0)
    return Entry(
        id=move.pk,
        is_given=is_given,
        number=move.k_id,
        address=move.k.address,
        step=move.step,
        at=move.made_at,
        name=other.shown_name,
        handle=eyes.handles.get(other.pk, ""),
        initials=other.member.initials if other.member else "",
        picture=other.member.picture if other.member else "",
        text=words.text,
        link=words.link,
        state=_state(move, is_given, in_hand),
        returns=move.returns,
        is_shared_by_me=words.giver_shares if is_given else words.receiver_shares,
        is_on_my_way=move.after_kind != Move.Kind.BACK,
        minutes_to_undo=ceil(left / timedelta(minutes=1)) if can_take_back else 0,
        can_take_back=can_take_back,
        can_pass_on=in_hand,
        can_decline=in_hand,
        can_block=not is_given and other.member is not None and other.pk not in eyes.blocked,
        can_report=not is_given and bool(move.words.text or move.words.link),
    )


def _words(move: "_Gift", is_given: bool) -> Words:
    """What was written, but for a receiver nothing of a gift that was taken back."""
    undone = move.after_kind == Move.Kind.BACK and not move.after_declined
    return Words() if undone and not is_given else move.words


def _state(move: "_Gift", is_given: bool, in_hand: bool) -> str:
    if move.after_kind == Move.Kind.BACK:
        return _returned_state(move, is_given)
    if is_given:
        return _("Given")
    if move.after_kind == Move.Kind.ON:
        return _("Passed on")
    return _("In your hand") if in_hand else _("Lapsed")


def _returned_state(move: "_Gift", is_given: bool) -> str:
    if move.after_declined:
        return _("Came back to you") if is_given else _("You declined it")
    return _("You took it back") if is_given else _("Taken back by its giver")
