"""Reddit: see `connector` (calls), `reading` (where a read stands), `parsing` (JSON to values)."""

from networks.connectors.reddit.connector import RedditConnector

__all__ = ["RedditConnector"]
