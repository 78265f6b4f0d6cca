"""GitHub: see `connector` (calls), `reading` (one run), `parsing` (JSON to values), `people`."""

from networks.connectors.github.connector import GitHubConnector

__all__ = ["GitHubConnector"]
