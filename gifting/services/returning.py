"""The ways back: undo by the giver, decline by the receiver."""

from datetime import datetime

from django.db import transaction

from accounts.models import Member
from gifting import periods, refusals, selectors
from gifting.models import Move
from gifting.refusals import NotYours, Refusal
from gifting.services.chain import add_back, lock, move_after
from gifting.services.hands import gift_at, received_at
from gifting.services.telling import tell_no_more


def take_back(giver: Member, k_address: str, step: int, now: datetime) -> Move:
    """Undo a gift within ten minutes, unless it was passed on. A second time changes nothing."""
    gift = gift_at(k_address, step)
    if gift.giver.member_id != giver.pk:
        raise NotYours
    with transaction.atomic():
        lock(gift.receiver_id)
        after = move_after(gift)
        if after is not None and after.kind == Move.Kind.BACK and not after.declined:
            return after
        if after is not None:
            raise Refusal(refusals.CAME_BACK if after.declined else refusals.PASSED_ON)
        if now >= gift.made_at + periods.UNDO_WINDOW:
            raise Refusal(refusals.TOO_LATE)
        tell_no_more(gift)
        return add_back(gift, now, declined=False)


def decline(receiver: Member, k_address: str, step: int, now: datetime) -> Move:
    """Return a K to whoever gave it. A second time changes nothing."""
    gift = received_at(receiver, k_address, step)
    with transaction.atomic():
        hand = lock(gift.receiver_id)
        after = move_after(gift)
        if after is not None and after.declined:
            return after
        if after is not None:
            raise Refusal(refusals.NOT_TO_DECLINE)
        if selectors.held_k(hand, k_address, now) is None:
            raise Refusal(refusals.LAPSED)
        return add_back(gift, now, declined=True)
