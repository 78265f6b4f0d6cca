"""Pages of K. Every act is a form that posts, says what happened, and goes back to the ledger."""

from gifting.views.gifts import block, decline, gift, report, share, take_back
from gifting.views.giving import give
from gifting.views.journey import journey
from gifting.views.ledger import ledger
from gifting.views.settings import k_settings, unblock

__all__ = [
    "block",
    "decline",
    "gift",
    "give",
    "journey",
    "k_settings",
    "ledger",
    "report",
    "share",
    "take_back",
    "unblock",
]
