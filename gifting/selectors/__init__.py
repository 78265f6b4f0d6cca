"""What is held, what happened, and who may see it."""

from gifting.selectors.giving import Choice, Giving, giving
from gifting.selectors.journey import Journey, Stop, journey
from gifting.selectors.ledger import Entry, entries, entry, gift_of_request, latest_received
from gifting.selectors.people import (
    Recipient,
    accepts_from,
    blocks_of,
    blocks_this_hour,
    recipient,
    reports_this_hour,
    why_not_give,
    why_not_to,
)
from gifting.selectors.period import current_period
from gifting.selectors.purse import HeldK, Purse, held_k, own_returned, purse, received
from gifting.selectors.scene import Scene, locked_scene, scene

__all__ = [
    "Choice",
    "Entry",
    "Giving",
    "HeldK",
    "Journey",
    "Purse",
    "Recipient",
    "Scene",
    "Stop",
    "accepts_from",
    "blocks_of",
    "blocks_this_hour",
    "current_period",
    "entries",
    "entry",
    "gift_of_request",
    "giving",
    "held_k",
    "journey",
    "latest_received",
    "locked_scene",
    "own_returned",
    "purse",
    "received",
    "recipient",
    "reports_this_hour",
    "scene",
    "why_not_give",
    "why_not_to",
]
