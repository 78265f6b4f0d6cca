"""Who may be given K, by whom, and the reason if not."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import Member
from gifting import periods, refusals
from gifting.models import Block, Hand, Move
from networks.models import LinkedAccount
from networks.selectors import findable_member, has_answered

# Asked for in place of a member who was not found, so that both cases run the same queries.
_NO_MEMBER = 0


@dataclass(frozen=True)
class Recipient:
    """Somebody who said they may be found, under the handle by which they were found."""

    member: Member
    handle: str


def recipient(giver: Member, asked: str) -> Recipient | None:
    """Whom `asked` means: a handle, or a member's address.

    None for a handle nobody has, for a member who may not be found by it, who takes K from
    nobody, and who blocked the giver: the same two queries and the same answer for all of them.
    """
    # A member's address has neither; the handle of a site is its domain.
    is_handle = "@" in asked or "." in asked
    account = findable_member(asked) if is_handle else _findable_at(asked)
    takes = _takes_from(account.member_id if account else _NO_MEMBER, giver)
    if account is None or not (takes or account.member_id == giver.pk):
        return None
    return Recipient(account.member, account.handle)


def _findable_at(address: str) -> LinkedAccount | None:
    return (
        LinkedAccount.objects.filter(
            member__address=address.strip(),
            member__is_active=True,
            findable=True,
            state=LinkedAccount.State.ACTIVE,
        )
        .select_related("member")
        .first()
    )


def _takes_from(receiver_id: int, giver: Member) -> bool:
    """Whether the receiver has shut out everybody or just this giver; neither is ever told."""
    block = Block.objects.filter(by=OuterRef("pk"), of__member=giver)
    shut = Hand.objects.filter(member_id=receiver_id).values_list(
        "accepts_from", Exists(block), named=False
    )
    return not any(accepts == Hand.AcceptsFrom.NOBODY or blocked for accepts, blocked in shut)


def why_not_give(giver: Member) -> str:
    """Why this member can give to nobody at all; empty if they can."""
    active = LinkedAccount.objects.filter(member=giver, state=LinkedAccount.State.ACTIVE)
    return "" if active.exists() else refusals.LINK_FIRST


def why_not_to(giver: Member, receiver: Member, now: datetime) -> str:
    """Why this giver cannot give to this receiver now; empty if they can."""
    if giver.pk == receiver.pk:
        return refusals.YOURSELF
    if not receiver.is_active or not _takes_from(receiver.pk, giver):
        return refusals.NOT_HERE
    if accepts_from(receiver) == Hand.AcceptsFrom.ANSWERED and not has_answered(receiver, giver):
        return refusals.only_answered(receiver.name)
    if _gave_this_week(giver, receiver, now):
        again_on = periods.period_end(periods.period_of(now)).date()
        return refusals.once_a_week(receiver.name, again_on)
    return ""


def accepts_from(receiver: Member) -> str:
    """Who may give to this member: a value of `Hand.AcceptsFrom`."""
    found = Hand.objects.filter(member=receiver).values_list("accepts_from", flat=True).first()
    return found or Hand.AcceptsFrom.ANSWERED


def _gave_this_week(giver: Member, receiver: Member, now: datetime) -> bool:
    """Undone gifts do not count, declined ones do: no means not this week."""
    return (
        Move.objects.gifts()
        .not_undone()
        .filter(
            giver__member=giver,
            receiver__member=receiver,
            made_at__gte=periods.period_start(periods.period_of(now)),
        )
        .exists()
    )


def blocks_of(member: Member) -> list[Block]:
    return list(Block.objects.filter(by__member=member).select_related("of__member").order_by("id"))
