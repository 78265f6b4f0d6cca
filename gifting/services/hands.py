"""The hands that hold K, their allotments, and the gifts that members name."""

from datetime import datetime

from django.conf import settings

from accounts.models import Member
from gifting import periods, refusals
from gifting.models import Allotment, Hand, Move
from gifting.refusals import NotYours, Refusal


def hand_for(member: Member) -> Hand:
    return Hand.objects.get_or_create(member=member)[0]


def locked_hands(*members: Member) -> dict[int, Hand]:
    """The members' hands, locked until the transaction ends."""
    # no_key: the foreign keys of moves by others need not wait for us.
    locked = Hand.objects.select_for_update(no_key=True).filter(member__in=members).order_by("pk")
    hands = {hand.member_id: hand for hand in locked if hand.member_id is not None}
    if len(hands) < len({member.pk for member in members}):
        raise Refusal(refusals.NOT_HERE)
    return hands


def grant_allotment(hand: Hand, now: datetime) -> Allotment:
    """This period's allotment, granted at its first use; its size then stands."""
    return Allotment.objects.get_or_create(
        hand=hand,
        period=periods.period_of(now),
        defaults={"size": settings.K_ALLOTMENT, "granted_at": now},
    )[0]


def gift_at(k_address: str, step: int) -> Move:
    gift = (
        Move.objects.gifts()
        .filter(k__address=k_address, step=step)
        .select_related("giver", "receiver", "words")
        .first()
    )
    if gift is None:
        raise NotYours
    return gift


def received_at(receiver: Member, k_address: str, step: int) -> Move:
    gift = gift_at(k_address, step)
    if gift.receiver.member_id != receiver.pk:
        raise NotYours
    return gift
