"""How often we may ask each host, and which ones asked us to wait: for all workers together."""

import math
from collections.abc import Set
from datetime import UTC, datetime, timedelta

from django.core.cache import cache

from networks.connectors.base import RateLimited
from networks.http import lane_of, used_up
from networks.oauth import fingerprint
from networks.quota import Quota
from networks.services.waits import Waits

_SECONDS_KEPT = 10
_QUOTA_SECONDS_KEPT = 26 * 3600


class SharedBudget:
    """Keeps the door's `HostBudget` contract: waits in the database, counts in the cache.

    A lane is a host, or one account's requests there. If the cache forgets what it counted, a host
    gets a few more requests than its share, once. `per_second`: how many requests a host gets from
    all of us within one second of the clock; hosts in `unpaced` get as many as come.
    """

    def __init__(self, per_second: int, unpaced: Set[str] = frozenset()) -> None:
        self._per_second = per_second
        self._unpaced = unpaced
        self._waits = Waits()

    def allow(self, *hosts: str) -> None:
        if seconds := self._waits.left(hosts):
            until = datetime.now(UTC) + timedelta(seconds=seconds)
            raise RateLimited(until, "the host asked us to wait")

    def hear(self) -> None:
        """What others were told, before many threads without a connection ask."""
        self._waits.hear()

    def note(self, host: str, until: datetime) -> None:
        seconds = (until - datetime.now(UTC)).total_seconds()
        if seconds > 0:
            self._waits.note(host, seconds)

    def turn(self, host: str) -> float:
        if host in self._unpaced:
            return 0.0
        now = datetime.now(UTC).timestamp()
        second = math.floor(now)
        asked = _count(f"asked:{fingerprint(host)}:{second}")
        return 0.0 if asked <= self._per_second else second + 1 - now

    def spend(self, quota: Quota, units: int, share: float) -> None:
        """Refused units are given back: others may be refused meanwhile, too many never spent."""
        now = datetime.now(UTC)
        self.allow(lane_of(quota))
        key = f"quota:{quota.name}:{quota.day(now)}"
        if _count(key, units, _QUOTA_SECONDS_KEPT) > share * quota.let_out(now):
            _count(key, -units, _QUOTA_SECONDS_KEPT)
            raise used_up(quota, now)


def _count(key: str, by: int = 1, seconds: int = _SECONDS_KEPT) -> int:
    """How many there are under this key, these included."""
    if cache.add(key, by, timeout=seconds):
        return by
    try:
        return cache.incr(key, by)
    except ValueError:
        # Emptied between the two calls.
        return by
