"""The contract of a platform without a consent page: the member shows that a place is theirs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from networks.connectors.base import Credentials, Destination, Identity, Reader


@dataclass(frozen=True)
class Claim:
    """What shows that a place is one member's: a link to `address`, or the words `token`.

    Both are made for this member, the token also for this place; nobody else's works.
    """

    address: str
    token: str


@dataclass(frozen=True)
class Look:
    """What stands at a place now: whose it would be, where its feeds are, what it claims."""

    identity: Identity
    host: str
    address: str
    feeds: tuple[str, ...]
    claims: frozenset[str] = field(repr=False)


class ProofConnector(Reader, Protocol):
    """One platform without a consent page: the member shows that a place is theirs.

    Built as `ProofConnector(door, setup)` for each use. Every method may raise ConnectorError.
    """

    def find(self, typed: str) -> Destination:
        """The place somebody typed; `login` is its address.

        Pure. Raises ValueError with a sentence for the member.
        """
        ...

    def look(self, address: str) -> Look:
        """What stands there. `identity.remote_id` is the same however the place is spelled."""
        ...

    def proof(self, look: Look, claim: Claim) -> str:
        """How the place shows that claim (a word for it), or "" where it does not."""
        ...

    def credentials(self, look: Look, now: datetime) -> Credentials:
        """What reading needs. Raises Permanent (no_feed) where there is nothing to read."""
        ...
