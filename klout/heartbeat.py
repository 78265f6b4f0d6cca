"""The workers and beat say every few seconds that they live, as keys in Redis.

All from their main process: a worker whose hands are full with a night still beats. A Redis that
was emptied knows the next beat at most EVERY seconds later.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import redis
import structlog
from celery import bootsteps
from celery.beat import PersistentScheduler
from django.conf import settings

# By the queue it takes from: one that takes from both is both.
WORKERS = {"celery": "worker", settings.URGENT_QUEUE: "urgent_worker"}
PARTS = (*WORKERS.values(), "beat")
EVERY = 5.0
FORGET_AFTER = 30
A_MOMENT = timedelta(seconds=1)

log = structlog.get_logger(__name__)


def key(who: str) -> str:
    return f"klout:heartbeat:{who}"


def connection(timeout: float = 2.0) -> redis.Redis:
    """A client whose every wait is bounded."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=timeout, socket_connect_timeout=timeout
    )


def beat(who: str) -> None:
    """A Redis that does not answer is no reason to fall over: the next beat tries again."""
    try:
        with connection() as client:
            client.set(key(who), datetime.now(UTC).isoformat(), ex=FORGET_AFTER)
    except redis.RedisError as error:
        log.warning("heartbeat not written", who=who, error=str(error))


def _beat_all(parts: Iterable[str]) -> None:
    for part in parts:
        beat(part)


class WorkerHeart(bootsteps.StartStopStep):  # type: ignore[misc]
    requires = {"celery.worker.components:Timer"}  # noqa: RUF012 (Celery's own spelling)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.timer: Any = None

    def start(self, parent: Any) -> None:
        taken = parent.app.amqp.queues.consume_from
        parts = [part for queue, part in WORKERS.items() if queue in taken]
        _beat_all(parts)
        self.timer = parent.timer.call_repeatedly(EVERY, _beat_all, (parts,), priority=10)

    def stop(self, _parent: Any) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class BeatingScheduler(PersistentScheduler):  # type: ignore[misc]
    """Celery's own scheduler; each look at the schedule is a beat."""

    last_beat: float | None = None

    def tick(self, *args: Any, **options: Any) -> Any:
        self.forget_the_future(datetime.now(UTC))
        pause = super().tick(*args, **options)
        moment = monotonic()
        if self.last_beat is None or moment - self.last_beat >= EVERY:
            self.last_beat = moment
            beat("beat")
        return min(pause, EVERY)

    def forget_the_future(self, now: datetime) -> None:
        """After a clock that was ahead, the last runs are yet to come: Celery would wait for them.

        So long, nothing would be asked for that is due.
        """
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > now + A_MOMENT]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None  # it holds the times that were worked out by the wrong clock
            log.warning("beat: the clock was set back", tasks=len(ahead))
