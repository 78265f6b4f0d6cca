"""What is held, what happened, and who may see it."""

from gifting.selectors.appreciation import (
    Appreciation,
    ProfileChoice,
    appreciation,
    profile_choice,
    shown_appreciation,
)
from gifting.selectors.choices import choices_of
from gifting.selectors.giving import Choice, Giving, giving
from gifting.selectors.incoming import GiftReceived, Letter, gifts_received, letter
from gifting.selectors.journey import Arrived, Journey, Stop, journey, latest_arrived
from gifting.selectors.kept import (
    KeptPerson,
    can_be_given_to,
    kept_hand,
    kept_handle,
    kept_in_mind,
    kept_to_bring_back,
)
from gifting.selectors.ledger import Entry, entries, entries_before, entry, gift_of_request
from gifting.selectors.onward import AppreciationMap, appreciation_map
from gifting.selectors.people import (
    Recipient,
    accepts_from,
    blocks_of,
    found_by_name,
    named_by,
    recipient,
    shut_to,
    why_not_block,
    why_not_give,
    why_not_report,
    why_not_to,
)
from gifting.selectors.period import current_period
from gifting.selectors.purse import HeldK, Purse, held_k, k_to_give, own_returned, purse, received
from gifting.selectors.queue import (
    decided_in_words,
    decisions,
    open_report,
    open_reports,
    what_became_of,
)
from gifting.selectors.rules import Rules, rules
from gifting.selectors.scene import Scene, locked_scene, scene
from gifting.selectors.statement import Line, statement

__all__ = [
    "Appreciation",
    "AppreciationMap",
    "Arrived",
    "Choice",
    "Entry",
    "GiftReceived",
    "Giving",
    "HeldK",
    "Journey",
    "KeptPerson",
    "Letter",
    "Line",
    "ProfileChoice",
    "Purse",
    "Recipient",
    "Rules",
    "Scene",
    "Stop",
    "accepts_from",
    "appreciation",
    "appreciation_map",
    "blocks_of",
    "can_be_given_to",
    "choices_of",
    "current_period",
    "decided_in_words",
    "decisions",
    "entries",
    "entries_before",
    "entry",
    "found_by_name",
    "gift_of_request",
    "gifts_received",
    "giving",
    "held_k",
    "journey",
    "k_to_give",
    "kept_hand",
    "kept_handle",
    "kept_in_mind",
    "kept_to_bring_back",
    "latest_arrived",
    "letter",
    "locked_scene",
    "named_by",
    "open_report",
    "open_reports",
    "own_returned",
    "profile_choice",
    "purse",
    "received",
    "recipient",
    "rules",
    "scene",
    "shown_appreciation",
    "shut_to",
    "statement",
    "what_became_of",
    "why_not_block",
    "why_not_give",
    "why_not_report",
    "why_not_to",
]
