"""One file for each threat of the list in docs/security/threats.md, by its number."""

from tests.accounts.conftest import at_ada, confirmed_ada, mailed
from tests.networks.conftest import server
from tests.networks.edge.conftest import door_to, internet, serve

__all__ = ["at_ada", "confirmed_ada", "door_to", "internet", "mailed", "serve", "server"]
