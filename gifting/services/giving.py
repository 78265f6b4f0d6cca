"""Giving a K: of one's own allotment, or one that was received."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import Member
from gifting import refusals, selectors
from gifting.models import Hand, K, Move
from gifting.refusals import NotYours, Refusal
from gifting.selectors import Scene
from gifting.services.chain import Gift, Note, add_first, add_on
from gifting.services.hands import make_hands
from gifting.services.period import turn_period
from gifting.services.telling import tell_k_received


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
    move = _try_to_give(giver, receiver, now, key, note, k_address)
    if move is None:
        # Made before the locks are taken: an insert that waits while it holds locks may deadlock.
        make_hands(giver, receiver)
        turn_period(now)
        move = _try_to_give(giver, receiver, now, key, note, k_address)
    if move is None:
        raise Refusal(refusals.NOT_HERE)
    return move


def _try_to_give(
    giver: Member, receiver: Member, now: datetime, key: UUID, note: Note, k_address: str
) -> Move | None:
    """The gift; None where a hand or the period has to be made first."""
    with transaction.atomic():
        scene = selectors.locked_scene(giver, receiver, now, key)
        if scene.made_before is not None and scene.is_there:
            return _made_before(scene.made_before, scene)
        if refusal := scene.why_not_give(now) or scene.why_not_to(receiver, now):
            raise Refusal(refusal)
        if scene.giver_hand is None or scene.receiver_hand is None or scene.begins_on is None:
            return None
        gift = Gift(scene.giver_hand, scene.receiver_hand, note, key, now)
        if k_address:
            move = add_on(gift, _chosen(scene, receiver, k_address, now))
        elif scene.own_returned is not None:
            move = add_on(gift, scene.own_returned)
        else:
            move = _add_first(scene, gift, scene.begins_on)
        if scene.is_told:
            tell_k_received(receiver, move, now)
        return move


def _made_before(move_id: int, scene: Scene) -> Move:
    made = Move.objects.get(pk=move_id)
    if made.receiver_id != scene.receiver_hand:
        raise Refusal(refusals.FORM_USED)
    return made


def _chosen(scene: Scene, receiver: Member, k_address: str, now: datetime) -> int:
    """The id of the K with this address, if the giver may pass it on to the receiver."""
    hand = Hand(pk=scene.giver_hand)
    held = selectors.held_k(hand, k_address, now)
    if held is None:
        raise _why_not_in_hand(hand, k_address)
    if held.bars == scene.receiver_hand:
        raise Refusal(refusals.straight_back(receiver.name))
    return held.k_id


def _why_not_in_hand(hand: Hand, k_address: str) -> Exception:
    k = K.objects.filter(address=k_address).first()
    if k is None or not _ever_held(hand, k):
        return NotYours()
    last = Move.objects.in_place().get(k=k)
    return Refusal(refusals.LAPSED if last.receiver_id == hand.pk else refusals.NOT_IN_HAND)


def _ever_held(hand: Hand, k: K) -> bool:
    return k.hand_id == hand.pk or Move.objects.filter(k=k, receiver=hand).exists()


def _add_first(scene: Scene, gift: Gift, period: date) -> Move:
    """From the next slot of this period's allotment, whose size stands from its first use on."""
    size = settings.K_ALLOTMENT if scene.size is None else scene.size
    if scene.used >= size:
        current = selectors.current_period(gift.now)
        has_received = Move.objects.held_by(Hand(pk=gift.giver), gift.now).exists()
        raise Refusal(refusals.none_left(size, current.days, current.ends_on, has_received))
    return add_first(gift, period=period, size=size, slot=scene.used + 1)
