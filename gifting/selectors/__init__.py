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
from gifting.selectors.journey import Journey, Stop, journey
from gifting.selectors.kept import (
    KeptPerson,
    can_be_given_to,
    kept_hand,
    kept_handle,
    kept_in_mind,
    kept_to_bring_back,
)
from gifting.selectors.ledger import Entry, entries, entry, gift_of_request, latest_received
from gifting.selectors.onward import AppreciationMap, appreciation_map
from gifting.selectors.people import (
    Recipient,
    accepts_from,
    blocks_of,
    blocks_this_hour,
    found_by_name,
    named_by,
    open_addresses,
    recipient,
    reports_this_hour,
    shut_to,
    why_not_give,
    why_not_to,
)
from gifting.selectors.period import current_period
from gifting.selectors.purse import HeldK, Purse, held_k, own_returned, purse, received
from gifting.selectors.scene import Scene, locked_scene, scene

__all__ = [
    "Appreciation",
    "AppreciationMap",
    "Choice",
    "Entry",
    "GiftReceived",
    "Giving",
    "HeldK",
    "Journey",
    "KeptPerson",
    "Letter",
    "ProfileChoice",
    "Purse",
    "Recipient",
    "Scene",
    "Stop",
    "accepts_from",
    "appreciation",
    "appreciation_map",
    "blocks_of",
    "blocks_this_hour",
    "can_be_given_to",
    "choices_of",
    "current_period",
    "entries",
    "entry",
    "found_by_name",
    "gift_of_request",
    "gifts_received",
    "giving",
    "held_k",
    "journey",
    "kept_hand",
    "kept_handle",
    "kept_in_mind",
    "kept_to_bring_back",
    "latest_received",
    "letter",
    "locked_scene",
    "named_by",
    "open_addresses",
    "own_returned",
    "profile_choice",
    "purse",
    "received",
    "recipient",
    "reports_this_hour",
    "scene",
    "shown_appreciation",
    "shut_to",
    "why_not_give",
    "why_not_to",
]
