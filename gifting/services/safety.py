"""What keeps receiving safe: who may give, who is shut out, what the operator is shown."""

from datetime import datetime

from django.db import transaction

from accounts.models import Member
from gifting import refusals, selectors
from gifting.models import Block, Decision, Hand, Report, Words
from gifting.refusals import NotYours, Refusal
from gifting.services.chain import lock
from gifting.services.hands import gift_at, hand_for, received_at


def share(member: Member, k_address: str, step: int, *, shares: bool) -> None:
    """Say whether later holders may see my name and the words of this gift, for my side of it."""
    gift = gift_at(k_address, step)
    if member.pk not in (gift.giver.member_id, gift.receiver.member_id):
        raise NotYours
    mine = "giver_shares" if gift.giver.member_id == member.pk else "receiver_shares"
    Words.objects.filter(move=gift).update(**{mine: shares})


def accept_from(member: Member, accepts_from: str) -> None:
    """Say who may give K to this member; in force at once."""
    Hand.objects.filter(pk=hand_for(member).pk).update(accepts_from=accepts_from)


def block(receiver: Member, k_address: str, step: int, now: datetime) -> Block:
    """Take no more K from whoever gave this one. They are not told."""
    gift = received_at(receiver, k_address, step)
    if gift.giver.member_id is None:
        raise Refusal(refusals.ALREADY_LEFT)
    with transaction.atomic():
        # Waits for a gift that is just being given to this hand, and holds up the next one.
        hand = lock(gift.receiver_id)
        made = Block.objects.filter(by=hand, of=gift.giver).first()
        if made is not None:
            return made
        if refusal := selectors.why_not_block(receiver, now):
            raise Refusal(refusal)
        return Block.objects.create(by=hand, of=gift.giver, made_at=now)


def unblock(member: Member, block_id: int) -> None:
    """Take K from them again. Raises NotYours."""
    gone, _ = Block.objects.filter(pk=block_id, by__member=member).delete()
    if not gone:
        raise NotYours


def report(receiver: Member, k_address: str, step: int, now: datetime, *, said: str = "") -> Report:
    """Show a gift to the operator, with its words as they are now; once per gift.

    Raises NotYours, or Refusal if this hand reported too much within an hour, or this gift once
    before and it was decided.
    """
    gift = received_at(receiver, k_address, step)
    with transaction.atomic():
        hand = lock(gift.receiver_id)
        made = Report.objects.filter(move=gift, reporter=hand).first()
        if made is not None:
            return made
        if Decision.objects.filter(move=gift, reporter=hand).exists():
            raise Refusal(refusals.DECIDED)
        if refusal := selectors.why_not_report(receiver, now):
            raise Refusal(refusal)
        return Report.objects.create(
            move=gift,
            reporter=hand,
            words=gift.words.text,
            link=gift.words.link,
            said=said,
            reported_at=now,
        )
