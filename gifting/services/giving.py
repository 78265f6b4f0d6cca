"""Giving a K: of one's own allotment, or one that was received."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Member
from gifting import periods, refusals, selectors
from gifting.models import NOBODY, Hand, K, Move, Words
from gifting.refusals import NotYours, Refusal
from gifting.services.chain import add_move
from gifting.services.hands import grant_allotment, hand_for, locked_hands


@dataclass(frozen=True)
class Note:
    """What goes along with a gift. `shares`: later holders may see my name and these words."""

    text: str = ""
    link: str = ""
    shares: bool = False


def give_k(
    giver: Member, receiver: Member, now: datetime, *, key: UUID, note: Note | None = None
) -> Move:
    """Give a K of the giver's own allotment: one that came back before a fresh one.

    The same `key` again returns the gift it made. Raises Refusal.
    """
    return _give(giver, receiver, now, key, note or Note(), k_address="")


def pass_on(
    giver: Member,
    receiver: Member,
    k_address: str,
    now: datetime,
    *,
    key: UUID,
    note: Note | None = None,
) -> Move:
    """Pass on a K that the giver holds. As `give_k`; raises NotYours if they never held it."""
    return _give(giver, receiver, now, key, note or Note(), k_address=k_address)


def _give(
    giver: Member, receiver: Member, now: datetime, key: UUID, note: Note, k_address: str
) -> Move:
    # Made before the locks are taken: an insert that waits while it holds locks may deadlock.
    for member in (giver, receiver):
        hand_for(member)
    with transaction.atomic():
        hands = locked_hands(giver, receiver)
        made = Move.objects.filter(giver=hands[giver.pk], key=key).first()
        if made is not None:
            return _made_before(made, receiver)
        if refusal := selectors.why_not_give(giver) or selectors.why_not_to(giver, receiver, now):
            raise Refusal(refusal)
        return _moved(hands[giver.pk], hands[receiver.pk], now, key, note, k_address)


def _made_before(made: Move, receiver: Member) -> Move:
    if made.receiver.member_id != receiver.pk:
        raise Refusal(refusals.FORM_USED)
    return made


def _moved(
    giver: Hand, receiver: Hand, now: datetime, key: UUID, note: Note, k_address: str
) -> Move:
    chosen: selectors.HeldK | None
    if k_address:
        chosen = _chosen(giver, k_address, now)
    else:
        chosen = next(iter(selectors.own_returned(giver, now)), None)
    if chosen is None:
        move = _first_move(giver, receiver, now, key)
    elif chosen.bars == receiver.pk:
        raise Refusal(refusals.straight_back(receiver.shown_name))
    else:
        move = add_move(chosen.k_id, receiver, now, kind=Move.Kind.ON, key=key)
    Words.objects.create(move=move, text=note.text, link=note.link, giver_shares=note.shares)
    return move


def _chosen(hand: Hand, k_address: str, now: datetime) -> selectors.HeldK:
    held = selectors.held_k(hand, k_address, now)
    if held is not None:
        return held
    k = K.objects.filter(address=k_address).first()
    if k is None or not _ever_held(hand, k):
        raise NotYours
    last = Move.objects.in_place().get(k=k)
    raise Refusal(refusals.LAPSED if last.receiver_id == hand.pk else refusals.NOT_IN_HAND)


def _ever_held(hand: Hand, k: K) -> bool:
    return k.hand_id == hand.pk or Move.objects.filter(k=k, receiver=hand).exists()


def _first_move(giver: Hand, receiver: Hand, now: datetime, key: UUID) -> Move:
    """Mint the next K of the giver's allotment and give it."""
    allotment = grant_allotment(giver, now)
    slot = K.objects.filter(hand=giver, period=allotment.period).count() + 1
    if slot > allotment.size:
        next_on = periods.period_end(allotment.period).date()
        has_received = Move.objects.held_by(giver, now).exists()
        raise Refusal(refusals.none_left(allotment.size, next_on, has_received))
    k = K.objects.create(hand=giver, period=allotment.period, size=allotment.size, slot=slot)
    return Move.objects.create(
        k=k,
        step=1,
        kind=Move.Kind.FIRST,
        giver=giver,
        receiver=receiver,
        had_from=NOBODY,
        bars=giver.pk,
        key=key,
        made_at=now,
    )
