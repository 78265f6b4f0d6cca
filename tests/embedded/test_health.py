"""/healthz tells what is wrong, in bounded time, whatever is gone or hangs."""

import contextlib
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from klout import heartbeat
from klout.views import health
from scoring.models import Night

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # One Redis for all workers of pytest-xdist: these tests delete and write the same keys.
    pytest.mark.xdist_group("heartbeats"),
]


@pytest.fixture(autouse=True)
def _beating() -> None:
    for part in heartbeat.PARTS:
        heartbeat.beat(part)


@pytest.fixture
def silent(folder: Path) -> Iterator[Path]:
    """A folder with sockets where somebody listens and never says a word."""
    with contextlib.ExitStack() as stack:
        for name in (".s.PGSQL.5432", "redis.sock"):
            door = stack.enter_context(socket.socket(socket.AF_UNIX))
            door.bind(str(folder / name))
            door.listen(8)
        yield folder


@pytest.fixture
def database_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def move(place: Path) -> None:
        monkeypatch.setitem(connections.settings["default"], "HOST", str(place))
        monkeypatch.setitem(connections.settings["default"], "PORT", "")

    return move


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


def test_when_all_is_well_it_says_so(client: Client) -> None:
    status, said = ask(client)
    assert status == 200
    assert said == {
        **dict.fromkeys(("status", "database", "broker", *heartbeat.PARTS), "fine"),
        "last_night": None,
    }


@pytest.mark.parametrize("who", heartbeat.PARTS)
def test_a_worker_or_clock_that_is_silent_is_named(client: Client, who: str) -> None:
    with heartbeat.connection() as redis:
        redis.delete(heartbeat.key(who))
    status, said = ask(client)
    assert (status, said["status"], said[who]) == (503, "not fine", "not heard of")
    heartbeat.beat(who)
    assert ask(client)[0] == 200


def test_a_heartbeat_fades(client: Client) -> None:
    with heartbeat.connection() as redis:
        assert 0 < redis.ttl(heartbeat.key("worker")) <= heartbeat.FORGET_AFTER


def test_a_database_that_is_gone_is_named(client: Client, database_at: Any, tmp_path: Path) -> None:
    database_at(tmp_path)
    client.cookies["sessionid"] = client.cookies["klout_session"] = "of-somebody"
    status, said = ask(client)
    assert (status, said["database"], said["broker"]) == (503, "does not answer", "fine")


def test_a_broker_that_is_gone_is_named(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/none.sock"
    status, said = ask(client)
    assert (status, said["broker"], said["worker"]) == (503, "does not answer", "does not answer")
    assert said["database"] == "fine"


def test_servers_that_hang_do_not_make_it_hang(
    client: Client, settings: Any, database_at: Any, silent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.5)
    database_at(silent)
    settings.REDIS_URL = f"unix://{silent}/redis.sock"
    begin = time.monotonic()
    for _ in range(3):
        status, said = ask(client)
        assert (status, said["database"], said["broker"]) == (503, *["does not answer"] * 2)
    assert time.monotonic() - begin < 6


def test_the_last_night_is_told(client: Client) -> None:
    finished_at = datetime.now(UTC) - timedelta(hours=5)
    make_night(finished_at)
    Night.objects.create(
        on=finished_at.date() + timedelta(days=1),
        rule="2026.1",
        cut_off_at=finished_at,
        started_at=finished_at,
    )
    status, said = ask(client)
    assert status == 200
    assert said["last_night"] == {
        "on": finished_at.date().isoformat(),
        "finished_at": finished_at.isoformat(),
    }


def test_a_night_that_was_missed_is_not_fine(client: Client) -> None:
    make_night(datetime.now(UTC) - health.OLDEST_NIGHT - timedelta(minutes=1))
    status, said = ask(client)
    assert (status, said["status"], said["database"]) == (503, "not fine", "fine")


def make_night(finished_at: datetime) -> None:
    Night.objects.create(
        on=finished_at.date(),
        rule="2026.1",
        cut_off_at=finished_at,
        started_at=finished_at,
        finished_at=finished_at,
    )
