"""Counting requests: 300 in five minutes for each token, as Mastodon does by default."""

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

PERIOD = 300
TOKEN_LIMIT = 300
ADDRESS_LIMIT = 3000


@dataclass(frozen=True)
class Budget:
    """What is left of a limit after the present request."""

    limit: int
    used: int
    reset_at: datetime

    @property
    def is_spent(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{self.reset_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        }


class Limiter:
    """Counts in memory; windows begin at whole multiples of five minutes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._window = 0
        self._counts: dict[str, int] = {}

    def count(self, who: str, limit: int, now: datetime) -> Budget:
        window = int(now.timestamp()) // PERIOD
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            used = self._counts[who] = self._counts.get(who, 0) + 1
        return Budget(limit, used, datetime.fromtimestamp((window + 1) * PERIOD, UTC))

    def forget(self) -> None:
        with self._lock:
            self._counts = {}
