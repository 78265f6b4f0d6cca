"""Pages of K."""

from gifting.views.gifts import (
    block,
    decline,
    gift,
    give,
    journey,
    k_settings,
    ledger,
    report,
    share,
    take_back,
    unblock,
)
from gifting.views.invitations import for_you, invite
from gifting.views.kept import forget, how_to_keep, keep, keep_other_side, kept, manifest, noted
from gifting.views.reading import appreciation_map, latest_letter, letter, received
from gifting.views.showing import allow_on_profile, appreciation, choose, open_way, stop_digest

__all__ = [
    "allow_on_profile",
    "appreciation",
    "appreciation_map",
    "block",
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
    "letter",
    "manifest",
    "noted",
    "open_way",
    "received",
    "report",
    "share",
    "stop_digest",
    "take_back",
    "unblock",
]
