"""With the archive of docs/backups.md a server that is gone comes back as it was at any moment."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from klout.embedded import places, postgres, processes
from klout.embedded.for_tests import Servers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def servers() -> Iterator[Servers]:
    servers = Servers(durable=True)
    yield servers
    servers.stop()


def settings_of_the_page(archive: Path) -> str:
    """The very lines that an operator is told to write, with a folder of the test."""
    page = (ROOT / "docs/backups.md").read_text()
    block = page.split("```ini\n", 1)[1].split("```", 1)[0]
    assert "archive_timeout = 300" in block
    return block.replace("/var/backups/klout/wal", str(archive))


def run(place: places.PostgresPlace, program: str, *words: str) -> None:
    user = place.run_as
    subprocess.run(
        [place.binaries / "bin" / program, *words],
        check=True,
        capture_output=True,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        cwd=place.home,
    )


class Server:
    """One server that may be started again on another folder."""

    def __init__(self, servers: Servers) -> None:
        self.desk = servers.desk
        if os.geteuid() == 0:
            # PostgreSQL's own user has to pass through.
            servers.folder.chmod(0o711)
        self.place = places.find_postgres(servers.folder, outside=servers.folder / "outside")
        self.sockets = places.socket_folder(servers.folder / "p", self.place.run_as)
        self.servers = servers

    def start(self) -> None:
        service = postgres.service(self.place, self.sockets)
        self.servers._start(service)

    def kill(self) -> None:
        process, service = self.servers.running.pop()
        process.send_signal(signal.SIGKILL)
        process.wait()
        processes.stop(process, service, self.desk)

    def ask(self, statement: str) -> list[tuple]:
        known = {"host": str(self.sockets), "user": "klout", "dbname": "postgres"}
        with closing(psycopg2.connect(**known)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []


def test_a_lost_server_comes_back_as_it_was_at_a_chosen_moment(servers: Servers) -> None:
    server = Server(servers)
    place = server.place
    archive = places.make_folder(place.home / "wal", owner=place.run_as)
    postgres.prepare(place)
    with (place.data / "postgresql.conf").open("a") as conf:
        conf.write(settings_of_the_page(archive))
    server.start()
    server.ask("CREATE TABLE gift (n int, given_at timestamptz DEFAULT clock_timestamp())")
    base = place.home / "base"
    run(
        place,
        "pg_basebackup",
        "-h",
        str(server.sockets),
        "-U",
        "klout",
        "-D",
        str(base),
        "-c",
        "fast",
    )
    run(place, "pg_verifybackup", str(base))
    server.ask("INSERT INTO gift SELECT generate_series(1, 1000)")
    ((moment,),) = server.ask("SELECT clock_timestamp()")
    server.ask("DELETE FROM gift WHERE n > 10")  # what nobody wanted
    # What archive_timeout does after five minutes at the latest.
    server.ask("SELECT pg_switch_wal()")
    _until_archived(server)
    server.kill()
    shutil.rmtree(place.data)

    base.rename(place.data)
    with (place.data / "postgresql.auto.conf").open("a") as conf:
        conf.write(f"restore_command = 'cp {archive}/%f %p'\n")
        conf.write(f"recovery_target_time = '{moment.isoformat()}'\n")
        conf.write("recovery_target_action = 'promote'\n")
    (place.data / "recovery.signal").touch()
    if place.run_as:
        shutil.chown(place.data / "recovery.signal", place.run_as.uid, place.run_as.gid)
    server.start()
    _until_promoted(server)
    assert server.ask("SELECT count(*) FROM gift") == [(1000,)]


def _until_archived(server: Server) -> None:
    """The server itself waits for its archiver; a backup's end does that."""
    for _ in range(200):
        ((waiting,),) = server.ask(
            "SELECT last_archived_wal IS NULL OR last_archived_wal < "
            "pg_walfile_name(pg_current_wal_lsn() - 1) FROM pg_stat_archiver"
        )
        if not waiting:
            return
        server.ask("SELECT pg_sleep(0.05)")
    raise AssertionError("the archiver did not take the segment")


def _until_promoted(server: Server) -> None:
    for _ in range(200):
        if server.ask("SELECT pg_is_in_recovery()") == [(False,)]:
            return
        server.ask("SELECT pg_sleep(0.05)")
    raise AssertionError("still in recovery")
