"""The one command as a person runs it: start, kill anything, start again, stop."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from klout.embedded import keys, places
from klout.embedded.processes import last_lines, remembered, started_at
from tests.free_ports import two_free_ports

pytestmark = pytest.mark.xdist_group("up")

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "BASE_URL", "DEVELOPMENT_HOSTS", "STATIC_ROOT", "DEBUG")
PARTS = ("web", "worker", "urgent-worker", "beat", "playground", "valkey", "postgres")


class Klout:
    """`python -m klout.up` in a folder and on a port of its own."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = two_free_ports()
        inherited = {k: v for k, v in os.environ.items() if k not in (*OURS, *keys.MAKERS)}
        self.environment = {
            **inherited,
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "DEMO": "0",
            **environment,
        }
        self.output = data_dir.with_name(data_dir.name + ".out")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "klout.up"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def start_again(self) -> subprocess.CompletedProcess[str]:
        """A second one beside the first."""
        return subprocess.run(
            [sys.executable, "-m", "klout.up"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def get(self, path: str, port: int = 0) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()

    def is_well(self) -> bool:
        return self.get("/")[0] == 200 and self.get("/healthz")[0] == 200

    def pids(self) -> dict[str, int]:
        """The services that live; files come and go while a start clears up after a kill."""
        files = (self.data_dir / "pids").glob("*.pid")
        return {file.stem: pid for file in files if (pid := remembered(file)) is not None}

    def said(self) -> str:
        return last_lines(self.output, 60)

    def interrupt(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def wait_until(question: Callable[[], bool], klout: Klout, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, f"{klout.said()}\n{klout.get('/healthz')}"
        time.sleep(0.1)


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """A folder for DATA_DIR and what is printed; the database goes too, wherever it is."""
    folder = Path(tempfile.mkdtemp(prefix="kt-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(places.postgres_home(folder / "data"), ignore_errors=True)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def klout() -> Iterator[Klout]:
    with home() as folder:
        klout = Klout(folder / "data")
        klout.start()
        wait_until(klout.is_well, klout)
        yield klout
        assert klout.process is not None
        if klout.process.poll() is None:
            klout.interrupt()


def test_it_prints_the_address_and_how_to_stop(klout: Klout) -> None:
    assert f"http://localhost:{klout.port}" in klout.said()
    assert "Ctrl-C stops everything" in klout.said()
    assert klout.get("/")[0] == 200


def test_health_tells_every_part(klout: Klout) -> None:
    said = json.loads(klout.get("/healthz")[1])
    parts = ("status", "database", "broker", "worker", "urgent_worker", "beat")
    assert {said[name] for name in parts} == {"fine"}
    assert "last_night" in said


def test_the_playground_answers_on_the_next_port(klout: Klout) -> None:
    wait_until(lambda: klout.get("/", klout.port + 1)[0] == 200, klout)


def test_style_sheets_are_served(klout: Klout) -> None:
    page = klout.get("/")[1]
    path = page.partition('href="/static/')[2].partition('"')[0]
    assert klout.get(f"/static/{path}")[0] == 200


def test_folders_and_secrets_are_private(klout: Klout) -> None:
    for name in ("logs", "pids", "secrets", "valkey"):
        assert stat.S_IMODE((klout.data_dir / name).stat().st_mode) == 0o700
    assert stat.S_IMODE(places.postgres_home(klout.data_dir).stat().st_mode) == 0o700


def test_a_second_one_is_refused_and_the_first_goes_on(klout: Klout) -> None:
    second = klout.start_again()
    assert second.returncode == 1
    assert "already running" in second.stdout
    assert "Traceback" not in second.stdout + second.stderr
    assert klout.is_well()


def test_a_port_in_use_stops_before_anything_starts(klout: Klout) -> None:
    with home() as folder:
        other = Klout(folder / "data")
        other.environment["PORT"] = str(klout.port)
        answer = other.start_again()
        assert answer.returncode == 1
        assert f"Port {klout.port} is in use" in answer.stdout
        assert other.pids() == {}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_killed_comes_back(klout: Klout, name: str) -> None:
    before = klout.pids()
    os.kill(before[name], signal.SIGKILL)
    wait_until(lambda: klout.pids().get(name, before[name]) != before[name], klout)
    wait_until(klout.is_well, klout)


def test_an_emptied_broker_hears_of_all_again(klout: Klout) -> None:
    url = json.loads((klout.data_dir / "environment.json").read_text())["REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        client.flushall()
    wait_until(lambda: klout.get("/healthz")[0] == 200, klout)


def test_after_the_supervisor_is_killed_the_next_start_recovers(klout: Klout) -> None:
    secrets = {path: path.read_text() for path in (klout.data_dir / "secrets").iterdir()}
    before = klout.pids()
    assert klout.process is not None
    klout.process.kill()
    klout.process.wait(10)
    klout.start()
    wait_until(lambda: klout.pids().get("web", before["web"]) != before["web"], klout)
    wait_until(klout.is_well, klout)
    assert not set(before.values()) & set(klout.pids().values())
    assert all(started_at(pid) is None for pid in before.values())
    assert secrets == {path: path.read_text() for path in (klout.data_dir / "secrets").iterdir()}


def test_after_all_are_killed_the_next_start_recovers(klout: Klout) -> None:
    assert klout.process is not None
    before = klout.pids()
    for pid in (klout.process.pid, *before.values()):
        os.kill(pid, signal.SIGKILL)
    klout.process.wait(10)
    klout.start()
    wait_until(lambda: klout.pids().get("web", before["web"]) != before["web"], klout)
    wait_until(klout.is_well, klout)


def test_logs_are_json_and_hold_no_secret(klout: Klout) -> None:
    klout.get("/?code=dontkeepme&state=dontkeepme")
    klout.get("/account/password/reset/key/dontkeepme/")
    wait_until(lambda: "reset/key" in (klout.data_dir / "logs/web.log").read_text(), klout)
    assert json.loads((klout.data_dir / "logs/web.log").read_text().splitlines()[-1])["event"]
    everything = "".join(path.read_text() for path in (klout.data_dir / "logs").iterdir())
    assert "dontkeepme" not in everything
    for path in (klout.data_dir / "secrets").iterdir():
        assert path.read_text() not in everything


def test_mail_shows_in_the_terminal(klout: Klout) -> None:
    line = "Mail to ada@example.com: Confirm your address, read it at http://localhost/mail/"
    with (klout.data_dir / "logs/mail.log").open("a") as file:
        file.write(f"{line}\n")
    wait_until(lambda: line in klout.said(), klout)


def test_reset_refuses_while_it_runs(klout: Klout) -> None:
    answer = reset(klout)
    assert answer.returncode == 1
    assert "already running" in answer.stdout
    assert klout.is_well()


def test_ctrl_c_stops_everything_and_reset_forgets_it(klout: Klout) -> None:
    pids = klout.pids()
    assert set(pids) == set(PARTS)
    begin = time.monotonic()
    assert klout.interrupt() == 0
    assert time.monotonic() - begin < 30
    assert "All data are kept" in klout.said()
    for pid in pids.values():
        with pytest.raises(ProcessLookupError):
            os.killpg(pid, 0)
    assert not list((klout.data_dir / "pids").iterdir())
    database = places.postgres_home(klout.data_dir)
    (klout.data_dir / "not ours").write_text("stays")
    assert reset(klout).returncode == 0
    assert not database.exists()
    assert [path.name for path in klout.data_dir.iterdir()] == ["not ours"]


def test_with_outside_servers_nothing_embedded_starts() -> None:
    """The test session's own PostgreSQL and Valkey are the outside ones."""
    name = f"outside_{os.getpid()}"
    server = urlsplit(os.environ["DATABASE_URL"])
    outside = server._replace(path=server.path.rpartition("/")[0] + f"/{name}").geturl()
    with database(name), home() as folder:
        klout = Klout(folder / "data", DATABASE_URL=outside, REDIS_URL=os.environ["REDIS_URL"])
        klout.start()
        try:
            wait_until(klout.is_well, klout)
            assert set(klout.pids()) == set(PARTS) - {"postgres", "valkey"}
            assert not (klout.data_dir / "valkey").exists()
            assert not (klout.data_dir / "postgres").exists()
        finally:
            assert klout.interrupt() == 0


def reset(klout: Klout) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "klout.reset"],
        cwd=ROOT,
        env=klout.environment | {"FORCE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextlib.contextmanager
def database(name: str) -> Iterator[None]:
    import environ

    said = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    with contextlib.closing(
        psycopg2.connect(
            host=said["HOST"],
            port=said["PORT"] or None,
            user=said["USER"],
            password=said["PASSWORD"] or None,
            dbname=said["NAME"],
        )
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
            try:
                yield
            finally:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
