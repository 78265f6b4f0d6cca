"""What is held, what happened, and who may see it."""

from gifting.selectors.giving import Choice, Giving, giving
from gifting.selectors.journey import Journey, Stop, journey
from gifting.selectors.ledger import Entry, entries, entry, gift_of_request, latest_received
from gifting.selectors.people import (
    Recipient,
    accepts_from,
    blocks_of,
    recipient,
    why_not_give,
    why_not_to,
)
from gifting.selectors.purse import HeldK, Purse, held_k, own_returned, purse, received

__all__ = [
    "Choice",
    "Entry",
    "Giving",
    "HeldK",
    "Journey",
    "Purse",
    "Recipient",
    "Stop",
    "accepts_from",
    "blocks_of",
    "entries",
    "entry",
    "gift_of_request",
    "giving",
    "held_k",
    "journey",
    "latest_received",
    "own_returned",
    "purse",
    "received",
    "recipient",
    "why_not_give",
    "why_not_to",
]
