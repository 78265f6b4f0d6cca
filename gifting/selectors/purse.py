"""What a hand holds and may give."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from accounts.models import Member
from accounts.paging import Place, older
from gifting import periods
from gifting.models import NOBODY, Allotment, Hand, K, Move, MoveQuerySet, Period
from gifting.selectors.period import current_period


@dataclass(frozen=True)
class HeldK:
    """A K in the hand of a member.

    `move_id` is the move that brought it. `bars` is the id of the hand it came from and may not go
    straight back to, 0 for none. `lapses_at` is set only in the hand it was allotted to.
    """

    move_id: int
    k_id: int
    address: str
    bars: int
    from_name: str
    since: datetime
    is_own: bool
    period: Period
    lapses_at: datetime | None

    @property
    def number(self) -> int:
        return self.k_id


@dataclass(frozen=True)
class Purse:
    """What a member has to give. `fresh` K of this period have not been given yet at all.

    `returned` are own ones that came back and have not lapsed. Received ones are only counted:
    there may be thousands (see `received`).
    """

    fresh: int
    allotted_size: int
    period: Period
    returned: tuple[HeldK, ...]
    received_count: int

    @property
    def period_ends_on(self) -> date:
        """The day, at 00:00 UTC, on which the next allotment comes."""
        return self.period.ends_on

    @property
    def allotted_left(self) -> int:
        """Left of this period's allotment."""
        return self.fresh + sum(held.period == self.period for held in self.returned)

    @property
    def kept_over(self) -> tuple[HeldK, ...]:
        """Of earlier allotments, back again and still to be given."""
        return tuple(held for held in self.returned if held.period != self.period)

    @property
    def total(self) -> int:
        return self.fresh + len(self.returned) + self.received_count


def own_returned(hand: Hand, now: datetime) -> list[HeldK]:
    """The own K that came back to this hand, the one that lapses soonest first."""
    moves = _shown(Move.objects.held_by(hand, now).filter(k__hand=hand, bars=NOBODY))
    back = [_held(move) for move in moves]
    return sorted(back, key=lambda each: (each.lapses_at, each.k_id))


def received(member: Member, now: datetime, count: int, before: Place | None = None) -> list[HeldK]:
    """The K that a member holds from others, the latest first; from the one before a place on."""
    hand = Hand.objects.filter(member=member).first()
    if hand is None:
        return []
    moves = _shown(older(_from_others(hand, now), before)).order_by("-made_at", "-id")[:count]
    return [_held(move) for move in moves]


def held_k(hand: Hand, k_address: str, now: datetime) -> HeldK | None:
    """This K, if it is in this hand and has not lapsed there."""
    move = _shown(Move.objects.held_by(hand, now).filter(k__address=k_address)).first()
    return _held(move) if move else None


def _from_others(hand: Hand, now: datetime) -> MoveQuerySet:
    return Move.objects.held_by(hand, now).exclude(k__hand=hand, bars=NOBODY)


def _shown(moves: MoveQuerySet) -> MoveQuerySet:
    return moves.select_related("k__period", "giver__member")


def _held(move: Move) -> HeldK:
    return HeldK(
        move_id=move.pk,
        k_id=move.k_id,
        address=move.k.address,
        bars=move.bars,
        from_name=move.giver.shown_name,
        since=move.made_at,
        is_own=move.home_since is not None and move.bars == NOBODY,
        period=move.k.period,
        lapses_at=move.lapses_at,
    )


def purse(member: Member, now: datetime) -> Purse:
    """What the member has to give at this moment. Grants nothing: looking costs nothing."""
    hand = Hand.objects.filter(member=member).first()
    period = current_period(now)
    if hand is None:
        return Purse(settings.K_ALLOTMENT, settings.K_ALLOTMENT, period, (), 0)
    size = granted_size(hand, period)
    used = K.objects.filter(hand=hand, period=period).count()
    return Purse(
        fresh=size - used,
        allotted_size=size,
        period=period,
        returned=tuple(own_returned(hand, now)),
        received_count=_from_others(hand, now).count(),
    )


# Every page shows it. The condition on `home_since` is that of `MoveQuerySet.held_by`.
_TO_GIVE = """
SELECT coalesce(allotment.size, %(allotment)s)
    - (SELECT count(*) FROM gifting_k
        WHERE hand_id = hand.id AND period = allotment.period)
    + (SELECT count(*) FROM gifting_move held
        JOIN gifting_k k ON k.id = held.k_id JOIN gifting_period p ON p.begins_on = k.period
        WHERE held.receiver_id = hand.id
            AND (k.hand_id <> hand.id OR held.home_since > %(now)s - %(kept)s
                OR p.ends_on > %(today)s)
            AND NOT EXISTS (SELECT FROM gifting_move
                WHERE k_id = held.k_id AND step = held.step + 1))
FROM gifting_hand hand
LEFT JOIN (gifting_allotment allotment JOIN gifting_period period
        ON period.begins_on = allotment.period
        AND period.begins_on <= %(today)s AND period.ends_on > %(today)s)
    ON allotment.hand_id = hand.id
WHERE hand.member_id = %(member)s
"""


def k_to_give(member: Member, now: datetime) -> int:
    """How many K the member can give: the `total` of the purse, in one query."""
    values = {
        "member": member.pk,
        "now": now,
        "today": periods.day_of(now),
        "kept": periods.KEPT_AFTER_RETURN,
        "allotment": settings.K_ALLOTMENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TO_GIVE, values)
        row = cursor.fetchone()
    return int(row[0]) if row else int(settings.K_ALLOTMENT)


def granted_size(hand: Hand, period: Period) -> int:
    """The size of this hand's allotment; before it is granted, what the operator says now."""
    sizes = Allotment.objects.filter(hand=hand, period=period).values_list("size", flat=True)
    size = sizes.first()
    return settings.K_ALLOTMENT if size is None else size
