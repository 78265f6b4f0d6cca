"""YouTube: see `connector` (calls), `reading` (one run), `parsing` (JSON to values), `quota`."""

from networks.connectors.youtube.connector import YouTubeConnector

__all__ = ["YouTubeConnector"]
