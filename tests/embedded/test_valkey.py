"""Valkey keeps what it was told, and listens on a private socket only."""

import stat
from pathlib import Path

import pytest
import redis

from klout.embedded import places, valkey
from tests.embedded.conftest import Runner


@pytest.fixture
def sockets(folder: Path) -> Path:
    return places.socket_folder(folder / "s")


def test_what_was_written_outlives_a_kill(runner: Runner, folder: Path, sockets: Path) -> None:
    valkey.prepare(folder / "valkey", sockets)
    process = runner.start(valkey.service(folder / "valkey", sockets))
    with redis.Redis.from_url(valkey.url(sockets)) as client:
        client.rpush("list", *range(1000))
        client.config_set("appendfsync", "always")
        client.set("last", "written")
    process.kill()
    process.wait(5)
    valkey.prepare(folder / "valkey", sockets)
    runner.start(valkey.service(folder / "valkey", sockets))
    with redis.Redis.from_url(valkey.url(sockets)) as client:
        assert client.llen("list") == 1000
        assert client.get("last") == b"written"


def test_it_has_no_port_and_a_private_socket(runner: Runner, folder: Path, sockets: Path) -> None:
    valkey.prepare(folder / "with space", sockets)
    runner.start(valkey.service(folder / "with space", sockets))
    with redis.Redis.from_url(valkey.url(sockets, 3)) as client:
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    assert stat.S_IMODE((sockets / valkey.SOCKET_NAME).stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "with space/valkey.conf").stat().st_mode) == 0o600


def test_nobody_at_the_socket_is_no_answer(folder: Path) -> None:
    assert not valkey.answers(folder)
