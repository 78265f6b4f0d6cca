"""Stack Exchange: see `connector` (calls), `reading` (where a read stands), `parsing` (JSON)."""

from networks.connectors.stackexchange.connector import StackExchangeConnector

__all__ = ["StackExchangeConnector"]
