"""Pages of K. Every act is a form that posts, says what happened, and goes back to a page."""

from gifting.views.brought import brought
from gifting.views.gifts import block, decline, gift, report, share, take_back
from gifting.views.giving import give
from gifting.views.invitations import for_you, invite
from gifting.views.journey import appreciation_map, journey, open_way
from gifting.views.kept import forget, how_to_keep, keep, keep_other_side, kept, manifest, noted
from gifting.views.ledger import ledger, rules
from gifting.views.operator import let_give_again, reported, reports
from gifting.views.received import latest_letter, letter, received
from gifting.views.settings import choose, k_settings, stop_digest, unblock
from gifting.views.showing import allow_on_profile, appreciation
from gifting.views.statement import statement, statement_csv

__all__ = [
    "allow_on_profile",
    "appreciation",
    "appreciation_map",
    "block",
    "brought",
    "choose",
    "decline",
    "for_you",
    "forget",
    "gift",
    "give",
    "how_to_keep",
    "invite",
    "journey",
    "k_settings",
    "keep",
    "keep_other_side",
    "kept",
    "latest_letter",
    "ledger",
    "let_give_again",
    "letter",
    "manifest",
    "noted",
    "open_way",
    "received",
    "report",
    "reported",
    "reports",
    "rules",
    "share",
    "statement",
    "statement_csv",
    "stop_digest",
    "take_back",
    "unblock",
]
