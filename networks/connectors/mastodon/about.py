"""What the member and the operator are told about Mastodon."""

from language import gettext_noop as mark
from networks.connectors.mastodon.hosts import LARGE
from networks.connectors.platform import SIDES, CodePlace, Permission, Platform, Typed

PLATFORM = Platform(
    key="mastodon",
    label="Mastodon",
    connector="networks.connectors.mastodon.MastodonConnector",
    registers_itself=True,
    shows=SIDES,
    known_hosts=LARGE,
    typed=Typed(
        label=mark("Your server"),
        hint=mark("For example mastodon.social. Any server works, also a small one."),
        missing=mark("Please type the name of your server."),
    ),
    permissions=(
        Permission(
            mark("Your profile, and whom you follow"),
            "read:accounts",
            mark("for your handle, your follower count and whom you reach out to"),
        ),
        Permission(
            mark("Your posts"),
            "read:statuses",
            mark("for their links, the first 280 characters and the tags"),
        ),
        Permission(
            mark("Your notifications"),
            "read:notifications",
            mark(
                "for who replied, boosted, favourited or followed. Of these people we keep a "
                "scrambled number and a weight, no names"
            ),
        ),
    ),
    summary=mark("Any server; we register there by ourselves."),
    reads=mark("Your profile, your posts and boosts, your notifications and whom you follow."),
    counts=mark(
        "Followers as the audience; people who replied, mentioned, quoted, boosted, favourited or "
        "followed as the response."
    ),
    code_place=CodePlace(
        Typed(
            label=mark("Your handle"),
            hint=mark("For example @ada@mastodon.social."),
            missing=mark("Please type your handle."),
        ),
        where=mark(
            "Put it anywhere in the text of your profile, or in one of the lines beside it: "
            "Preferences, then Public profile."
        ),
    ),
)
