"""The embedded PostgreSQL: made once, started under our supervisor, reached by a unix socket.

Who may enter the socket's folder (mode 0700) may use the database; there is no TCP port.
"""

import contextlib
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg2
import psycopg2.extensions

from klout.embedded.binaries import postgres_version
from klout.embedded.places import PostgresPlace
from klout.embedded.problems import FULL_DISK, CannotStart
from klout.embedded.processes import Service, command_line, stop_stranger

OWNER = "klout"
# No process has this number (the kernel's limit is 2^22): see `_forget_recycled_pid`.
NO_PID = 2_147_483_647


def prepare(place: PostgresPlace, *, durable: bool = True) -> None:
    """Makes the cluster if there is none; refuses one of another major version."""
    have = postgres_version(place.binaries).split(".")[0]
    if not place.data.exists():
        _make_cluster(place, durable)
    version_file = place.data / "PG_VERSION"
    found = version_file.read_text().strip() if version_file.exists() else "none"
    if found != have:
        raise CannotStart(
            f"The database in {place.data} was made by PostgreSQL {found}; the installed package "
            f"brings {have}, which does not open it. Nothing was changed. To keep the data, put "
            f"back the earlier requirements.txt, or dump them with pg_dump {found} and load them "
            f"into a fresh DATA_DIR; `make reset` begins again without them."
        )


def service(place: PostgresPlace, sockets: Path, *, durable: bool = True) -> Service:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        # Tests that race open dozens of connections, and two workers may do so at once.
        settings |= {"max_connections": "400"}
    words = [str(place.binaries / "bin/postgres"), "-D", str(place.data)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    return Service(
        name="postgres",
        command=tuple(words),
        is_ready=lambda: _answers(sockets),
        ready_within=60.0,
        # The children of a killed server hold its memory for a moment; until they are gone a new
        # one ends at once ("pre-existing shared memory block is still in use").
        retry_for=20.0,
        # Fast shutdown: sessions are ended, the data are written.
        stop_signal=signal.SIGINT,
        stop_within=20.0,
        run_as=place.run_as,
        folder=place.home,
    )


def url(sockets: Path, database: str = OWNER) -> str:
    return f"postgres://{OWNER}@/{quote(str(sockets))}/{database}"


def create_database(sockets: Path, name: str = OWNER) -> None:
    """Makes the database unless it is there."""
    with contextlib.closing(_connect(sockets)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')


def stop_orphan(data: Path) -> bool:
    """Stops a server that a killed supervisor left on this very data folder."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return False
    words = command_line(pid)
    if str(data) in words and words[0].endswith("postgres"):
        stop_stranger(pid, signal.SIGINT, 20.0)
        return True
    if words:
        _forget_recycled_pid(pid_file)
    return False


def _forget_recycled_pid(pid_file: Path) -> None:
    """A stranger has the dead server's pid now, and PostgreSQL would refuse to start.

    Only the number goes; the line that names the shared memory stays, by which PostgreSQL sees
    whether children of the dead server still write.
    """
    lines = pid_file.read_text().splitlines(keepends=True)
    pid_file.write_text("".join([f"{NO_PID}\n", *lines[1:]]))


def _make_cluster(place: PostgresPlace, durable: bool) -> None:
    unfinished = place.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    words = [str(place.binaries / "bin/initdb"), "-D", str(unfinished), "-U", OWNER]
    words += ["--encoding=UTF8"]
    words += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    words += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
    words += [] if durable else ["--no-sync"]
    user = place.run_as
    made = subprocess.run(
        words,
        capture_output=True,
        text=True,
        cwd=place.home,
        start_new_session=True,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise CannotStart(explain_initdb(made.stdout + made.stderr, place.home))
    unfinished.rename(place.data)


def explain_initdb(output: str, home: Path) -> str:
    if re.search(r"no space left on device|disk quota exceeded", output, re.IGNORECASE):
        return FULL_DISK.format(path=home)
    return (
        f"PostgreSQL could not make its folder {home / 'data'}. Nothing was kept of the try. "
        f"It said:\n{output.strip()}"
    )


def _answers(sockets: Path) -> bool:
    try:
        _connect(sockets).close()
    except psycopg2.OperationalError:
        return False
    return True


def _connect(sockets: Path) -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(sockets), user=OWNER, dbname="postgres", connect_timeout=2)
