"""One file for each threat of the list in docs/security/threats.md, by its number."""

from tests.networks.conftest import server

__all__ = ["server"]
