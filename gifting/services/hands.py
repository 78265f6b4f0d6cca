"""The hands that hold K, and the gifts that members name."""

from accounts.models import Member
from gifting.models import Hand, Move
from gifting.refusals import NotYours


def hand_for(member: Member) -> Hand:
    return Hand.objects.get_or_create(member=member)[0]


def make_hands(*members: Member) -> None:
    """For those who are still members and have none yet."""
    still = Member.objects.filter(pk__in=[member.pk for member in members])
    Hand.objects.bulk_create([Hand(member=member) for member in still], ignore_conflicts=True)


def gift_at(k_address: str, step: int) -> Move:
    gift = (
        Move.objects.gifts()
        .filter(k__address=k_address, step=step)
        .select_related("k", "giver", "receiver", "words")
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
