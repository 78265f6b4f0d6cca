"""X: see `connector` (consent), `session` (calls, through tweepy), `reading` (a run and its cost),
`descent_by_ids` (where a list stands), `parsing` (JSON to values), `prices` (what X asks for).
"""

from networks.connectors.x.connector import XConnector

__all__ = ["XConnector"]
