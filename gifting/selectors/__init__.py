"""What is held, what happened, and who may see it."""

from gifting.selectors.people import Recipient, blocks_of, recipient, why_not_give, why_not_to
from gifting.selectors.purse import HeldK, Purse, held, purse

__all__ = [
    "HeldK",
    "Purse",
    "Recipient",
    "blocks_of",
    "held",
    "purse",
    "recipient",
    "why_not_give",
    "why_not_to",
]
