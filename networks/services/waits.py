"""Who asked us to wait: PostgreSQL has the truth, each process a copy that is soon old.

It is kept in seconds by the clock of the database, so that no worker's own clock, wrong as it may
be, lets anybody ask too early or keeps them waiting for a day.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

from django.db import connection
from django.db.models.functions import Now

from networks.wait_models import HostWait

# How late a wait may reach the other processes: what they ask meanwhile was under way.
COPY_SECONDS = 0.25

_NOTE = """
    INSERT INTO networks_hostwait (lane, until)
    VALUES (%s, statement_timestamp() + make_interval(secs => %s))
    ON CONFLICT ON CONSTRAINT one_wait_per_lane DO UPDATE
    SET until = GREATEST(networks_hostwait.until, EXCLUDED.until)
"""
_LEFT = """
    SELECT lane, EXTRACT(epoch FROM until - statement_timestamp())::float8
    FROM networks_hostwait WHERE until > statement_timestamp()
"""


class Waits:
    """Any thread may ask; the copy is read anew by the first one that finds it too old."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read_at = -math.inf
        self._ends: dict[str, float] = {}

    def left(self, lanes: Iterable[str]) -> float:
        """Seconds until all of these lanes may be asked again; 0 if they may now."""
        with self._lock:
            self._read(COPY_SECONDS)
            now = monotonic()
            return max((0.0, *(self._ends.get(lane, 0.0) - now for lane in lanes)))

    def hear(self) -> None:
        """Keep the copy fresh from a thread that has a connection, so that others need none."""
        with self._lock:
            self._read(COPY_SECONDS / 2)

    def _read(self, oldest: float) -> None:
        asked_at = monotonic()
        if asked_at - self._read_at > oldest:
            left = _all_left()
            # After the answer, so that nobody comes too early by the time that it took.
            self._ends = {lane: monotonic() + seconds for lane, seconds in left}
            self._read_at = asked_at

    def note(self, lane: str, seconds: float) -> None:
        """This lane is not to be asked for so long; a longer wait that it has already stands."""
        with _in_passing():
            # What others are sweeping up this moment, they sweep up.
            over = HostWait.objects.filter(until__lt=Now()).select_for_update(skip_locked=True)
            HostWait.objects.filter(pk__in=over.values("pk")).delete()
            with connection.cursor() as cursor:
                cursor.execute(_NOTE, [lane, seconds])
        with self._lock:
            self._read_at = -math.inf


def _all_left() -> list[tuple[str, float]]:
    with _in_passing(), connection.cursor() as cursor:
        cursor.execute(_LEFT)
        return [(str(lane), float(seconds)) for lane, seconds in cursor.fetchall()]


@contextmanager
def _in_passing() -> Iterator[None]:
    """A thread that has no connection, as two hundred that wait for platforms, keeps none."""
    had_none = connection.connection is None
    try:
        yield
    finally:
        if had_none:
            connection.close()
