"""What a member can do with K. Short transactions; the law is in the database, the manners here.

Whatever takes a K out of a hand first locks that hand's row, so two requests never decide on
the same K at once; giving locks the receiver's hand too, so a block is in force from the moment
it is made. Locks are taken in order of id.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import Member
from gifting import periods, refusals, selectors
from gifting.models import NOBODY, Allotment, Block, Hand, K, Move, Report, Words
from gifting.refusals import NotYours, Refusal


@dataclass(frozen=True)
class Note:
    """What goes along with a gift. `shares`: later holders may see my name and these words."""

    text: str = ""
    link: str = ""
    shares: bool = False


def hand_for(member: Member) -> Hand:
    return Hand.objects.get_or_create(member=member)[0]


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
        hands = _locked_hands(giver, receiver)
        made = Move.objects.filter(giver=hands[giver.pk], key=key).first()
        if made is not None:
            return _made_before(made, receiver)
        if refusal := selectors.why_not_give(giver) or selectors.why_not_to(giver, receiver, now):
            raise Refusal(refusal)
        return _moved(hands[giver.pk], hands[receiver.pk], now, key, note, k_address)


def _locked_hands(*members: Member) -> dict[int, Hand]:
    """The members' hands, locked until the transaction ends."""
    # no_key: the foreign keys of moves by others need not wait for us.
    locked = Hand.objects.select_for_update(no_key=True).filter(member__in=members).order_by("pk")
    hands = {hand.member_id: hand for hand in locked if hand.member_id is not None}
    if len(hands) < len({member.pk for member in members}):
        raise Refusal(refusals.NOT_HERE)
    return hands


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
        move = _next_move(chosen.k_id, receiver, now, kind=Move.Kind.ON, key=key)
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


def grant_allotment(hand: Hand, now: datetime) -> Allotment:
    """This period's allotment, granted at its first use; its size then stands."""
    return Allotment.objects.get_or_create(
        hand=hand,
        period=periods.period_of(now),
        defaults={"size": settings.K_ALLOTMENT, "granted_at": now},
    )[0]


def _next_move(
    k_id: int,
    receiver: Hand,
    now: datetime,
    *,
    kind: Move.Kind,
    key: UUID | None = None,
    declined: bool = False,
) -> Move:
    """Add the next link to the chain of a K; the caller has locked the holder's hand."""
    last = Move.objects.in_place().get(k_id=k_id)
    is_back = kind == Move.Kind.BACK
    return Move.objects.create(
        k_id=k_id,
        step=last.step + 1,
        kind=kind,
        prev_kind=last.kind,
        giver_id=last.receiver_id,
        receiver=receiver,
        had_from=last.bars,
        # Back in the giver's hand, it is barred from whoever had given it to them.
        bars=last.had_from if is_back else last.receiver_id,
        declined=declined,
        key=key,
        made_at=now,
    )


def take_back(giver: Member, k_address: str, step: int, now: datetime) -> Move:
    """Undo a gift within ten minutes, unless it was passed on. A second time changes nothing."""
    gift = _gift(k_address, step)
    if gift.giver.member_id != giver.pk:
        raise NotYours
    with transaction.atomic():
        Hand.objects.select_for_update(no_key=True).get(pk=gift.receiver_id)
        after = _after(gift)
        if after is not None and after.kind == Move.Kind.BACK and not after.declined:
            return after
        if after is not None:
            raise Refusal(refusals.CAME_BACK if after.declined else refusals.PASSED_ON)
        if now >= gift.made_at + periods.UNDO_WINDOW:
            raise Refusal(refusals.TOO_LATE)
        return _next_move(gift.k_id, gift.giver, now, kind=Move.Kind.BACK)


def decline(receiver: Member, k_address: str, step: int, now: datetime) -> Move:
    """Return a K to whoever gave it. A second time changes nothing."""
    gift = _received(receiver, k_address, step)
    with transaction.atomic():
        hand = Hand.objects.select_for_update(no_key=True).get(pk=gift.receiver_id)
        after = _after(gift)
        if after is not None and after.declined:
            return after
        if after is not None:
            raise Refusal(refusals.NOT_TO_DECLINE)
        if selectors.held_k(hand, k_address, now) is None:
            raise Refusal(refusals.LAPSED)
        return _next_move(gift.k_id, gift.giver, now, kind=Move.Kind.BACK, declined=True)


def _gift(k_address: str, step: int) -> Move:
    gift = (
        Move.objects.gifts()
        .filter(k__address=k_address, step=step)
        .select_related("giver", "receiver", "words")
        .first()
    )
    if gift is None:
        raise NotYours
    return gift


def _received(receiver: Member, k_address: str, step: int) -> Move:
    gift = _gift(k_address, step)
    if gift.receiver.member_id != receiver.pk:
        raise NotYours
    return gift


def _after(gift: Move) -> Move | None:
    return Move.objects.filter(k_id=gift.k_id, step=gift.step + 1).first()


def share(member: Member, k_address: str, step: int, *, shares: bool) -> None:
    """Say whether later holders may see my name and the words of this gift, for my side of it."""
    gift = _gift(k_address, step)
    if member.pk not in (gift.giver.member_id, gift.receiver.member_id):
        raise NotYours
    mine = "giver_shares" if gift.giver.member_id == member.pk else "receiver_shares"
    Words.objects.filter(move=gift).update(**{mine: shares})


def accept_from(member: Member, accepts_from: str) -> None:
    """Say who may give K to this member; in force at once."""
    Hand.objects.filter(pk=hand_for(member).pk).update(accepts_from=accepts_from)


def block(receiver: Member, k_address: str, step: int, now: datetime) -> Block:
    """Take no more K from whoever gave this one. They are not told."""
    gift = _received(receiver, k_address, step)
    if gift.giver.member_id is None:
        raise Refusal(refusals.ALREADY_LEFT)
    with transaction.atomic():
        # Waits for a gift that is just being given to this hand, and holds up the next one.
        hand = Hand.objects.select_for_update(no_key=True).get(pk=gift.receiver_id)
        return Block.objects.get_or_create(by=hand, of=gift.giver, defaults={"made_at": now})[0]


def unblock(member: Member, block_id: int) -> None:
    """Take K from them again. Raises NotYours."""
    gone, _ = Block.objects.filter(pk=block_id, by__member=member).delete()
    if not gone:
        raise NotYours


def report(receiver: Member, k_address: str, step: int, now: datetime, *, said: str = "") -> Report:
    """Show a gift to the operator, with its words as they are now; once per gift."""
    gift = _received(receiver, k_address, step)
    return Report.objects.get_or_create(
        move=gift,
        reporter=gift.receiver,
        defaults={
            "words": gift.words.text,
            "link": gift.words.link,
            "said": said,
            "reported_at": now,
        },
    )[0]
