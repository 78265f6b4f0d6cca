"""X: see `connector` (consent and calls), `reading` (a run and what it may cost), `descent` (where
a list stands), `parsing` (JSON to values), `prices` (what X asks for), `session` (tweepy's way out).
"""

from networks.connectors.x.connector import XConnector

__all__ = ["XConnector"]
