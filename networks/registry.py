"""The platforms. The one list to add a platform to."""

from networks.connectors.blog.about import PLATFORM as BLOG
from networks.connectors.bluesky.about import PLATFORM as BLUESKY
from networks.connectors.github.about import PLATFORM as GITHUB
from networks.connectors.mastodon.about import PLATFORM as MASTODON
from networks.connectors.reddit.about import PLATFORM as REDDIT
from networks.connectors.stackexchange.about import PLATFORM as STACK_EXCHANGE
from networks.connectors.x.about import PLATFORM as X
from networks.connectors.youtube.about import PLATFORM as YOUTUBE

PLATFORMS = {
    platform.key: platform
    for platform in (
        MASTODON,
        BLUESKY,
        X,
        GITHUB,
        YOUTUBE,
        BLOG,
        REDDIT,
        STACK_EXCHANGE,
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
