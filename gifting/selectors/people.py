"""Who may be given K, by whom, and the reason if not."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from gifting import limits, refusals
from gifting.models import Block, Hand, Move, Report
from gifting.selectors.scene import scene
from networks.models import LinkedAccount, Outreach
from networks.selectors import findable_accounts, spellings

# Asked for in place of a member who was not found, so that both cases run the same queries.
_NO_MEMBER = 0
# A name is looked for from three letters on, and shown for a few: nobody is listed.
LETTERS_OF_A_NAME = 3
NAMES_SHOWN = 8
# A function of the database, for its plan is kept (migration 0006).
_NAMED = "SELECT * FROM gifting_named(%s, %s, %s)"


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
    account = findable_account(asked)
    takes = _takes_from(account.member_id if account else _NO_MEMBER, giver)
    if account is None or not (takes or account.member_id == giver.pk):
        return None
    return Recipient(account.member, account.handle)


def findable_account(asked: str) -> LinkedAccount | None:
    """The account behind a handle or a member's address, whose owner said they may be found."""
    return _findable(asked).select_related("member").first()


def named_by(asked: str) -> Member:
    """The owner of `findable_account(asked)`, with no more than the name: for a confirmed gift.

    Where there is none, a member who does not exist, so that what follows is the same.
    """
    values = (asked.strip(), "", "") if _is_address(asked) else (None, *spellings(asked))
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, values)
        number, name = cursor.fetchone() or (_NO_MEMBER, "")
    return Member(pk=number, name=name)


def _is_address(asked: str) -> bool:
    """Whether a member's address is asked for: the handle of a site is its domain."""
    return "@" not in asked and "." not in asked


def _findable(asked: str) -> QuerySet[LinkedAccount]:
    if not _is_address(asked):
        return findable_accounts(asked)
    return LinkedAccount.objects.filter(
        member__address=asked.strip(),
        member__takes_part=True,
        findable=True,
        state=LinkedAccount.State.ACTIVE,
    )


def _takes_from(receiver_id: int, giver: Member) -> bool:
    """Whether the receiver has shut out everybody or just this giver; neither is ever told."""
    block = Block.objects.filter(by=OuterRef("pk"), of__member=giver)
    shut = Hand.objects.filter(member_id=receiver_id).values_list(
        "accepts_from", Exists(block), named=False
    )
    return not any(accepts == Hand.AcceptsFrom.NOBODY or blocked for accepts, blocked in shut)


def shut_to(giver: Member) -> QuerySet[Hand]:
    """The hands of members who take K from nobody, or none from this giver."""
    block = Block.objects.filter(by=OuterRef("pk"), of__member=giver)
    return Hand.objects.filter(
        Q(accepts_from=Hand.AcceptsFrom.NOBODY) | Exists(block), member__isnull=False
    )


def found_by_name(giver: Member, asked: str) -> list[Recipient]:
    """Members whose name has `asked` in it, among those the giver may know of.

    These are members who said that they may be found, and whom the giver reached out to,
    exchanged a K with, or who chose to be found by name. Nobody below three letters.
    """
    wanted = " ".join(asked.split())
    if len(wanted) < LETTERS_OF_A_NAME:
        return []
    found = (
        LinkedAccount.objects.filter(
            _known_to(giver),
            findable=True,
            state=LinkedAccount.State.ACTIVE,
            member__takes_part=True,
            member__name__icontains=wanted,
        )
        .exclude(member=giver)
        .exclude(member__in=shut_to(giver).values("member"))
        .order_by("member__name", "member_id", "linked_at", "id")
        .distinct("member__name", "member_id")
        .select_related("member")
    )
    return [Recipient(account.member, account.handle) for account in found[:NAMES_SHOWN]]


def _known_to(giver: Member) -> Q:
    reached = Outreach.objects.filter(account__member=giver).values("target_hash")
    received = Move.objects.filter(giver__member=giver).values("receiver__member")
    gave = Move.objects.filter(receiver__member=giver).values("giver__member")
    return (
        Q(member__hand__choices__found_by_name=True)
        | Q(person_hash__in=reached)
        | Q(member__in=received)
        | Q(member__in=gave)
    )


def why_not_give(giver: Member, now: datetime) -> str:
    """Why this member can give to nobody at all; empty if they can."""
    return scene(giver, None, now).why_not_give(now)


def why_not_to(giver: Member, receiver: Member, now: datetime) -> str:
    """Why this giver cannot give to this receiver now; empty if they can."""
    return scene(giver, receiver, now).why_not_to(receiver, now)


def accepts_from(receiver: Member) -> str:
    """Who may give to this member: a value of `Hand.AcceptsFrom`."""
    found = Hand.objects.filter(member=receiver).values_list("accepts_from", flat=True).first()
    return found or Hand.AcceptsFrom.ANSWERED


def blocks_of(member: Member) -> list[Block]:
    return list(Block.objects.filter(by__member=member).select_related("of__member").order_by("id"))


def why_not_block(member: Member, now: datetime) -> str:
    """Why this member can block nobody more now; empty if they can."""
    made = Block.objects.filter(by__member=member, made_at__gt=now - limits.HOUR).count()
    is_over = made >= limits.BLOCKS_AN_HOUR
    return refusals.too_many_blocks(limits.BLOCKS_AN_HOUR) if is_over else ""


def why_not_report(member: Member, now: datetime) -> str:
    """Why this member can report nothing more now; empty if they can."""
    made = Report.objects.filter(reporter__member=member, reported_at__gt=now - limits.HOUR).count()
    is_over = made >= limits.REPORTS_AN_HOUR
    return refusals.too_many_reports(limits.REPORTS_AN_HOUR) if is_over else ""
