"""Telling the receiver's webhooks that a K came, in the transaction in which it is given.

It is told when the giver can take it back no more. Neither who gave nor a word of what they wrote
is in it: words wait until they are opened, and whoever may read them asks the API.
"""

from datetime import datetime

from accounts.models import Member
from accounts.webhooks import outbox
from accounts.webhooks.models import Happening
from gifting import periods
from gifting.models import Move

_MOVE_SQL = """
    SELECT %(receiver)s::bigint, 'move ' || %(move)s::text, jsonb_build_object(
        'k', k.address, 'number', k.id, 'step', %(step)s::int)
    FROM gifting_k k WHERE k.id = %(k)s
"""


def tell_k_received(receiver: Member, move: Move, now: datetime) -> None:
    values = {"receiver": receiver.pk, "move": move.pk, "step": move.step, "k": move.k_id}
    due_at = move.made_at + periods.UNDO_WINDOW
    outbox.put(Happening.K_RECEIVED, _MOVE_SQL, values, now, due_at=due_at)


def tell_no_more(move: Move) -> None:
    """The giver took it back before it was told."""
    member_id = move.receiver.member_id
    if member_id is not None:
        outbox.take_back(Happening.K_RECEIVED, member_id, f"move {move.pk}")
