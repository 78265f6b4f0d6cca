"""Bluesky: see `connector` (calls), `identity` (who and where), `authorization` (consent),
`dpop` and `keys` (requests bound to a key), `scan` (where a read stands), `parsing` (JSON to
values), `people` (who is behind a DID).
"""

from networks.connectors.bluesky.connector import BlueskyConnector

__all__ = ["BlueskyConnector"]
