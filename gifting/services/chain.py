"""The next link in the chain of a K. The caller has locked the hand that the K leaves."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import random_address
from gifting.models import Hand, Move

_GIFT = "%(giver)s, %(receiver)s, %(key)s::uuid, %(now)s, %(text)s, %(link)s, %(shares)s"
# Functions of the database (migration 0005): a gift is one round trip, its words with it.
_COLUMNS = [field.attname for field in Move._meta.concrete_fields]
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM"
_FIRST = (
    f"{_SELECT} gifting_give_first({_GIFT},"
    " %(period)s, %(size)s::smallint, %(slot)s::smallint, %(address)s)"
)
_ON = f"{_SELECT} gifting_give_on({_GIFT}, %(k)s)"


@dataclass(frozen=True)
class Note:
    """What goes along with a gift. `shares`: later holders may see my name and these words."""

    text: str = ""
    link: str = ""
    shares: bool = False


@dataclass(frozen=True)
class Gift:
    """Who gives to whom, by the ids of their hands; when, why, and by which form."""

    giver: int
    receiver: int
    note: Note
    key: UUID
    now: datetime


def add_first(gift: Gift, *, period: date, size: int, slot: int) -> Move:
    """Mint a K from this slot of the giver's allotment and give it."""
    address = random_address()
    return _write(_FIRST, gift, period=period, size=size, slot=slot, address=address)


def add_on(gift: Gift, k_id: int) -> Move:
    """Give on a K that the giver holds."""
    return _write(_ON, gift, k=k_id)


def _write(sql: str, gift: Gift, **more: Any) -> Move:
    values: dict[str, Any] = {
        "giver": gift.giver,
        "receiver": gift.receiver,
        "key": str(gift.key),
        "now": gift.now,
        "text": gift.note.text,
        "link": gift.note.link,
        "shares": gift.note.shares,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values | more)
        return Move.from_db(connection.alias, _COLUMNS, cursor.fetchone())


def add_back(gift: Move, now: datetime, *, declined: bool) -> Move:
    """Return a K, by the gift that was its last move, to whoever gave it."""
    return Move.objects.create(
        k_id=gift.k_id,
        step=gift.step + 1,
        kind=Move.Kind.BACK,
        prev_kind=gift.kind,
        giver_id=gift.receiver_id,
        receiver_id=gift.giver_id,
        had_from=gift.giver_id,
        # Back in the giver's hand, it is barred from whoever had given it to them.
        bars=gift.had_from,
        declined=declined,
        home_since=_home_since(gift, now),
        made_at=now,
    )


def _home_since(gift: Move, now: datetime) -> datetime | None:
    """Since when the K counts as home after this gift is returned; None where it is not home.

    Whoever gave it away from home has it back as if it had never left: neither undo nor a friend
    who declines makes an allotment last longer.
    """
    if gift.giver_id != gift.k.hand_id:
        return None
    before = Move.objects.filter(k_id=gift.k_id, step=gift.step - 1)
    return before.values_list("home_since", flat=True).first() or now


def move_after(gift: Move) -> Move | None:
    return Move.objects.filter(k_id=gift.k_id, step=gift.step + 1).first()


def lock(hand_id: int) -> Hand:
    """Lock a hand until the transaction ends; foreign keys of other people's moves do not wait."""
    return Hand.objects.select_for_update(no_key=True).get(pk=hand_id)
