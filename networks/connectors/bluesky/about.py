"""What the member and the operator are told about Bluesky."""

from language import gettext_noop as mark
from networks.connectors.bluesky.authorization import READ_NOTIFICATIONS
from networks.connectors.bluesky.parsing import HOST
from networks.connectors.platform import SIDES, CodePlace, Option, Permission, Platform, Typed

PLATFORM = Platform(
    key="bluesky",
    label="Bluesky",
    connector="networks.connectors.bluesky.BlueskyConnector",
    registers_itself=True,
    needs_https=True,
    shows=SIDES,
    known_hosts=frozenset({HOST}),
    typed=Typed(
        label=mark("Your handle"),
        hint=mark("For example ada.bsky.social, or your own domain. A DID works as well."),
        missing=mark("Please type your handle."),
    ),
    permissions=(
        Permission(
            mark("Who you are"),
            "atproto",
            mark("to know that the account is yours. It allows nothing else"),
        ),
        Permission(
            mark("Your notifications"),
            READ_NOTIFICATIONS,
            mark(
                "for who replied, mentioned, quoted, reposted, liked or followed. Of these people "
                "we keep a scrambled number and a weight, no names. It does not let us post or "
                "follow"
            ),
        ),
    ),
    options=(
        Option(
            "plc_url",
            "BLUESKY_PLC_URL",
            "The directory in which accounts are looked up",
            is_required=False,
        ),
        Option(
            "appview_url",
            "BLUESKY_APPVIEW_URL",
            "Where profiles and their figures are read",
            is_required=False,
        ),
        Option(
            "appview_did",
            "BLUESKY_APPVIEW_DID",
            "The service whose notifications are read",
            is_required=False,
        ),
    ),
    summary=mark("Any account of the AT Protocol, wherever it lives."),
    reads=mark(
        "Your profile and your notifications; and what everybody can read: your posts, reposts, "
        "likes and follows."
    ),
    counts=mark(
        "Followers as the audience; people who replied, mentioned, quoted, reposted, liked or "
        "followed as the response."
    ),
    code_place=CodePlace(
        Typed(
            label=mark("Your handle"),
            hint=mark("For example ada.bsky.social, or your own domain. A DID works as well."),
            missing=mark("Please type your handle."),
        ),
        where=mark(
            "Put it anywhere in the description of your profile: your profile, then Edit profile."
        ),
    ),
)
