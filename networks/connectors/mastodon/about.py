"""What the member and the operator are told about Mastodon."""

from networks.connectors.mastodon.hosts import LARGE
from networks.connectors.platform import SIDES, Permission, Platform, Typed

PLATFORM = Platform(
    key="mastodon",
    label="Mastodon",
    connector="networks.connectors.mastodon.MastodonConnector",
    registers_itself=True,
    shows=SIDES,
    known_hosts=LARGE,
    typed=Typed(
        label="Your server",
        hint="For example mastodon.social. Any server works, also a small one.",
        missing="Please type the name of your server.",
    ),
    permissions=(
        Permission(
            "Your profile, and whom you follow",
            "read:accounts",
            "for your handle, your follower count and whom you reach out to",
        ),
        Permission(
            "Your posts",
            "read:statuses",
            "for their links, the first 280 characters and the tags",
        ),
        Permission(
            "Your notifications",
            "read:notifications",
            "for who replied, boosted, favourited or followed. Of these people we keep a "
            "scrambled number and a weight, no names",
        ),
    ),
    summary="Any server; we register there by ourselves.",
    reads="Your profile, your posts and boosts, your notifications and whom you follow.",
    counts=(
        "Followers as the audience; people who replied, mentioned, quoted, boosted, favourited "
        "or followed as the response."
    ),
)
