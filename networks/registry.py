"""The platforms: key, label and where the connector is. The one list to add a platform to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Platform:
    """A kind of network.

    `has_audience`: shows how many follow. `has_curation`: the rule counts lists or stars on it.
    `connector`: dotted path of the connector class, imported on use; empty for a platform that
    accounts can be on (for evaluation) before there is a connector.
    """

    key: str
    label: str
    connector: str = ""
    has_audience: bool = True
    has_curation: bool = False


PLATFORMS = {
    platform.key: platform
    for platform in (
        Platform("mastodon", "Mastodon", "networks.connectors.mastodon.MastodonConnector"),
        Platform("bluesky", "Bluesky"),
        Platform("x", "X", has_curation=True),
        Platform("github", "GitHub", has_curation=True),
        Platform("youtube", "YouTube"),
        Platform("blog", "Blog", has_audience=False),
    )
}


def platform_choices() -> list[tuple[str, str]]:
    """Choices for model fields; a callable, so that adding a platform makes no migration."""
    return [(platform.key, platform.label) for platform in PLATFORMS.values()]
