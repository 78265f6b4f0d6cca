"""All that the give page shows: to whom, which K there are, and why not."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

import language
from accounts.models import Member
from gifting import refusals
from gifting.models import Hand
from gifting.selectors.people import Recipient, recipient, why_not_give, why_not_to
from gifting.selectors.purse import HeldK, Purse, held_k, purse, received

RECEIVED_OFFERED = 20


@dataclass(frozen=True)
class Choice:
    """A K to take the gift from. `value` is "" for the allotment, else the address of the K."""

    value: str
    label: str
    refusal: str = ""


@dataclass(frozen=True)
class Giving:
    """`refusal` is the first reason why nothing can be given, empty if something can.

    `is_shut`: the reason lies with the giver, so it does not matter whom it is for.
    """

    asked: str
    is_shut: bool
    to: Recipient | None
    refusal: str
    purse: Purse
    choices: tuple[Choice, ...]

    @property
    def can_give(self) -> bool:
        return self.to is not None and not self.refusal

    @property
    def needs_a_network(self) -> bool:
        """Whether linking a network is what would help."""
        return self.refusal == str(refusals.LINK_FIRST)

    def left_after(self, value: str) -> tuple[int, int]:
        """How many own and how many received K are left after a gift from this choice."""
        own = self.purse.fresh + len(self.purse.returned)
        received = self.purse.received_count
        return (own, received - 1) if value else (own - 1, received)


def giving(giver: Member, asked: str, k_address: str, now: datetime) -> Giving:
    """Look at a gift before it is made.

    `asked` is a handle, a member's address, or empty; `k_address` is that of a K that is offered
    even if it is not among the latest received, or empty.
    """
    have = purse(giver, now)
    own_refusal = _own_refusal(giver, have, now)
    to = recipient(giver, asked) if asked and not own_refusal else None
    choices = _choices(have, to, _offered(giver, have, k_address, now))
    return Giving(
        asked=asked,
        is_shut=bool(own_refusal),
        to=to,
        refusal=own_refusal or _their_refusal(giver, asked, to, choices, now),
        purse=have,
        choices=choices,
    )


def _own_refusal(giver: Member, have: Purse, now: datetime) -> str:
    if have.total == 0:
        return refusals.none_left(
            have.allotted_size, have.period.days, have.period_ends_on, has_received=False
        )
    return why_not_give(giver, now)


def _their_refusal(
    giver: Member, asked: str, to: Recipient | None, choices: tuple[Choice, ...], now: datetime
) -> str:
    if not asked:
        return ""
    if to is None:
        return str(refusals.NOT_HERE)
    refusal = why_not_to(giver, to.member, now)
    if refusal or any(not choice.refusal for choice in choices):
        return refusal
    return choices[0].refusal


def _offered(giver: Member, have: Purse, k_address: str, now: datetime) -> list[HeldK]:
    """The latest received, and the one that was asked for wherever it is among them."""
    latest = received(giver, now, RECEIVED_OFFERED) if have.received_count else []
    if not k_address or any(held.address == k_address for held in latest):
        return latest
    hand = Hand.objects.filter(member=giver).first()
    asked = held_k(hand, k_address, now) if hand else None
    return latest if asked is None or asked.is_own else [*latest, asked]


def _choices(have: Purse, to: Recipient | None, offered: list[HeldK]) -> tuple[Choice, ...]:
    receiver = Hand.objects.filter(member=to.member).first() if to else None
    own = have.fresh + len(have.returned)
    others = [_received_choice(held, receiver) for held in offered]
    return (
        (Choice("", _("One of your own {count}").format(count=own)), *others)
        if own
        else tuple(others)
    )


def _received_choice(held: HeldK, receiver: Hand | None) -> Choice:
    is_barred = receiver is not None and held.bars == receiver.pk
    return Choice(
        value=held.address,
        label=_("K {number}, received from {name}").format(
            number=language.number(held.number),
            name=language.isolated(held.from_name),
        ),
        refusal=refusals.straight_back(receiver.shown_name) if receiver and is_barred else "",
    )
