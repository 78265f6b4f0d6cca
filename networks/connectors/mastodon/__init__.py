"""Mastodon: see `connector` (calls), `paging` (where a read stands), `parsing` (JSON to values)."""

from networks.connectors.mastodon.connector import MastodonConnector

__all__ = ["MastodonConnector"]
