"""Which hosts asked us to wait, remembered for all workers together."""

from datetime import UTC, datetime

from django.core.cache import cache

from networks.connectors.base import RateLimited
from networks.oauth import fingerprint


class SharedBudget:
    """Keeps the door's `HostBudget` contract in the cache.

    A lane is a host, or one account's requests there. If the cache forgets, the platform tells
    us again.
    """

    def allow(self, host: str) -> None:
        until = cache.get(_key(host))
        if until and until > datetime.now(UTC):
            raise RateLimited(until, "the host asked us to wait")

    def note(self, host: str, until: datetime) -> None:
        seconds = (until - datetime.now(UTC)).total_seconds()
        if seconds > 0:
            cache.set(_key(host), until, timeout=int(seconds) + 1)


def _key(lane: str) -> str:
    return f"asked-to-wait:{fingerprint(lane)}"
