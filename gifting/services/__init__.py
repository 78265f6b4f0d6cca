"""What a member can do with K. Short transactions; the law is in the database, the manners here.

Whatever takes a K out of a hand first locks that hand's row, so two requests never decide on
the same K at once; giving locks the receiver's hand too, so a block is in force from the moment
it is made. Locks are taken in order of id.
"""

from gifting.services.chain import Note
from gifting.services.deciding import decide, let_give_again
from gifting.services.giving import give_k, pass_on
from gifting.services.hands import hand_for
from gifting.services.period import turn_period
from gifting.services.returning import decline, take_back
from gifting.services.safety import accept_from, block, report, share, unblock

__all__ = [
    "Note",
    "accept_from",
    "block",
    "decide",
    "decline",
    "give_k",
    "hand_for",
    "let_give_again",
    "pass_on",
    "report",
    "share",
    "take_back",
    "turn_period",
    "unblock",
]
