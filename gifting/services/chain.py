"""The next link in the chain of a K."""

from datetime import datetime
from uuid import UUID

from gifting.models import Hand, Move


def add_move(
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


def move_after(gift: Move) -> Move | None:
    return Move.objects.filter(k_id=gift.k_id, step=gift.step + 1).first()
