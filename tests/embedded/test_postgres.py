"""The pitfalls of running PostgreSQL as a child: kills, orphans, recycled pids, versions."""

import contextlib
import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from klout.embedded import places, postgres, processes
from klout.embedded.places import PostgresPlace
from klout.embedded.problems import CannotStart
from tests.embedded.conftest import Runner


@pytest.fixture
def sockets(folder: Path, place: PostgresPlace) -> Path:
    return places.socket_folder(folder / "s", place.run_as)


@contextlib.contextmanager
def session(sockets: Path) -> Iterator["psycopg2.extensions.cursor"]:
    with contextlib.closing(
        psycopg2.connect(host=str(sockets), user=postgres.OWNER, dbname="postgres")
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def quick(place: PostgresPlace, sockets: Path) -> processes.Service:
    return postgres.service(place, sockets, durable=False)


def test_the_only_door_is_a_socket_in_a_private_folder(
    runner: Runner, place: PostgresPlace, sockets: Path
) -> None:
    runner.start(quick(place, sockets))
    with session(sockets) as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
        cursor.execute("SELECT 'ÖDE' ILIKE 'öde'")
        assert cursor.fetchone() == (True,)
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
    postgres.create_database(sockets)
    postgres.create_database(sockets)


def test_a_killed_server_starts_again_though_its_children_linger(
    runner: Runner, place: PostgresPlace, sockets: Path
) -> None:
    process = runner.start(quick(place, sockets))
    with session(sockets) as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        cursor.execute("CHECKPOINT")
    with contextlib.suppress(psycopg2.OperationalError), session(sockets):
        process.kill()
        process.wait(5)
        runner.start(quick(place, sockets))
    with session(sockets) as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (1000,)


def test_a_server_left_behind_by_a_killed_supervisor_is_stopped(
    runner: Runner, place: PostgresPlace, sockets: Path
) -> None:
    process = runner.start(quick(place, sockets))
    assert postgres.stop_orphan(place.data)
    assert process.wait(5) == 0
    assert not postgres.stop_orphan(place.data)


def test_a_dead_servers_pid_that_a_stranger_has_now_is_left_in_peace(
    runner: Runner, place: PostgresPlace, sockets: Path
) -> None:
    process = runner.start(quick(place, sockets))
    process.kill()
    process.wait(5)
    user = place.run_as
    stranger = subprocess.Popen(["sleep", "60"], user=user.uid if user else None)
    try:
        pid_file = place.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines(keepends=True)
        pid_file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        assert not postgres.stop_orphan(place.data)
        runner.start(quick(place, sockets))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait(5)


def test_a_folder_of_another_major_version_is_refused_and_kept(place: PostgresPlace) -> None:
    (place.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match=r"made by PostgreSQL 17.*Nothing was changed"):
        postgres.prepare(place)
    assert (place.data / "base").is_dir()


def test_an_interrupted_first_start_begins_again(folder: Path) -> None:
    place = places.find_postgres(folder)
    unfinished = places.make_folder(place.home / "data.unfinished", owner=place.run_as)
    (unfinished / "half").write_text("x")
    postgres.prepare(place, durable=False)
    assert (place.data / "PG_VERSION").exists()
    assert not unfinished.exists()


def test_a_full_disk_at_the_first_start_is_said_in_words(folder: Path) -> None:
    said = postgres.explain_initdb(
        'initdb: error: could not write file "x": No space left on device', folder
    )
    assert "is full" in said
    assert "DATA_DIR" in said


def test_stopping_is_quick_although_a_session_is_open(
    runner: Runner, place: PostgresPlace, sockets: Path
) -> None:
    service = quick(place, sockets)
    process = runner.start(service)
    with contextlib.suppress(psycopg2.OperationalError), session(sockets):
        begin = time.monotonic()
        processes.stop(process, service, runner.desk)
        assert time.monotonic() - begin < 5
    assert process.returncode == 0
    assert service.stop_signal is signal.SIGINT


def test_the_address_survives_a_path_with_capitals() -> None:
    import environ

    said = environ.Env.db_url_config(postgres.url(Path("/var/Lib/K")))
    assert (said["HOST"], said["USER"], said["NAME"]) == ("/var/Lib/K", "klout", "klout")
    assert os.sep in said["HOST"]
