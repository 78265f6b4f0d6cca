"""Is all well? For people, container schedulers and monitors; never later than a few seconds."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import redis
import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from klout import heartbeat
from scoring.models import Night

# Seconds that a part has for its answer, and that the whole page may take at most.
PATIENCE = 2.0
# A night that is older than this has been missed.
OLDEST_NIGHT = timedelta(hours=50)

PARTS = ("database", "broker", *heartbeat.PARTS)
FINE, AWAY, NOT_HEARD = "fine", "does not answer", "not heard of"

# However often we are asked while a server hangs, no more than these wait for it.
_at_once = threading.BoundedSemaphore(8)

Question = Callable[[], dict[str, Any]]

log = structlog.get_logger(__name__)


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Each part with its state; 200 if all are fine, else 503."""
    now = timezone.now()
    parts: dict[str, Any] = dict.fromkeys(PARTS, AWAY)
    parts["last_night"] = None
    for answer in _ask_all(_ask_database, _ask_redis):
        parts |= answer
    well = all(parts[name] == FINE for name in PARTS)
    well = well and not _was_missed(parts["last_night"], now)
    return JsonResponse(
        {"status": FINE if well else "not fine", **parts}, status=200 if well else 503
    )


def _ask_all(*questions: Question) -> list[dict[str, Any]]:
    """Asks all at once; who does not answer in time is left out."""
    answers: queue.Queue[dict[str, Any]] = queue.Queue()

    def ask(question: Question) -> None:
        with _at_once:
            answers.put(question())

    # Daemon threads: one that waits for a server that hangs must not hold up a shutdown.
    for question in questions:
        threading.Thread(target=ask, args=[question], daemon=True, name="healthz").start()
    until = time.monotonic() + 2 * PATIENCE
    got: list[dict[str, Any]] = []
    with contextlib.suppress(queue.Empty):
        while len(got) < len(questions):
            got.append(answers.get(timeout=max(0, until - time.monotonic())))
    return got


def _ask_database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", [f"{PATIENCE:.0f}s"])
        night = Night.objects.filter(finished_at__isnull=False).order_by("-on").first()
    except DatabaseError as error:
        log.warning("database does not answer", error=str(error))
        return {}
    finally:
        connection.close()
    if night is None or night.finished_at is None:
        return {"database": FINE}
    return {
        "database": FINE,
        "last_night": {"on": night.on.isoformat(), "finished_at": night.finished_at.isoformat()},
    }


def _ask_redis() -> dict[str, Any]:
    try:
        with heartbeat.connection(PATIENCE) as client:
            said = client.mget([heartbeat.key(part) for part in heartbeat.PARTS])
    except redis.RedisError as error:
        log.warning("broker does not answer", error=str(error))
        return {}
    return {"broker": FINE} | {
        who: FINE if beat else "not heard of"
        for who, beat in zip(heartbeat.PARTS, said, strict=True)
    }


def _was_missed(last_night: dict[str, str] | None, now: datetime) -> bool:
    """Before the first night there is none to miss."""
    if last_night is None:
        return False
    return now - datetime.fromisoformat(last_night["finished_at"]) > OLDEST_NIGHT
