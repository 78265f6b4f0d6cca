"""The platforms. The one list to add a platform to."""

from networks.connectors.blog.about import PLATFORM as BLOG
from networks.connectors.github.about import PLATFORM as GITHUB
from networks.connectors.mastodon.about import PLATFORM as MASTODON
from networks.connectors.platform import Platform
from networks.connectors.youtube.about import PLATFORM as YOUTUBE

PLATFORMS = {
    platform.key: platform
    for platform in (
        MASTODON,
        Platform("bluesky", "Bluesky", known_hosts=frozenset({"bsky.app"})),
        Platform("x", "X", has_curation=True, known_hosts=frozenset({"x.com"})),
        GITHUB,
        YOUTUBE,
        BLOG,
    )
}

# Read about, not linked: why, and what it would take, stands in docs/networks.
NOT_OFFERED = {
    "linkedin": "LinkedIn",
    "instagram": "Instagram",
    "threads": "Threads",
    "facebook": "Facebook",
    "tumblr": "Tumblr",
    "twitch": "Twitch",
}


def platform_choices() -> list[tuple[str, str]]:
    """Choices for model fields; a callable, so that adding a platform makes no migration."""
    return [(platform.key, platform.label) for platform in PLATFORMS.values()]
