"""`python -m klout.up`: everything a single machine needs, started and kept running.

PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name others), the web server, two Celery
workers (one for what is urgent), Celery beat and the playground. Ctrl-C stops all of it; the data
stay in DATA_DIR.
"""

import contextlib
import http.client
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from klout.embedded import keys, places, ports, postgres, valkey
from klout.embedded.lock import only_one
from klout.embedded.places import write_private
from klout.embedded.problems import CannotStart, explained
from klout.embedded.processes import Desk, Service, stop_orphans
from klout.supervisor import Supervisor, say
from klout.tail import Tail

ROOT = Path(__file__).resolve().parent.parent
# Names of all that is started from here: what a killed supervisor may have left behind.
NAMES = ("demo", "web", "worker", "urgent-worker", "beat", "playground", "step", "valkey")
# What `make manage` needs to reach the running servers.
ENVIRONMENT = "environment.json"
DEMO_DONE = "demo-done"
LEAST_FREE_BYTES = 150_000_000


@dataclass(frozen=True)
class Wishes:
    """What the person asked for, from the environment."""

    data_dir: Path
    port: int
    demo: bool
    database_url: str
    redis_url: str

    @classmethod
    def read(cls) -> "Wishes":
        return cls(
            data_dir=data_dir_wished(),
            port=ports.read_port(os.environ.get("PORT") or "8000"),
            demo=os.environ.get("DEMO", "1") != "0",
            database_url=os.environ.get("DATABASE_URL", ""),
            redis_url=os.environ.get("REDIS_URL", ""),
        )

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def playground(self) -> str:
        return f"127.0.0.1:{self.port + 1}"


def data_dir_wished() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / ".data")


def main() -> int:
    began = time.monotonic()
    try:
        wishes = Wishes.read()
        data_dir = places.prepare_data_dir(wishes.data_dir)
        check_disk(data_dir)
        with only_one(data_dir), socket_folders() as folders:
            return Up(wishes, data_dir, folders, began).run()
    except CannotStart as problem:
        say(f"\n{problem}")
        return 1


def check_disk(data_dir: Path) -> None:
    free = shutil.disk_usage(data_dir).free
    if free < LEAST_FREE_BYTES:
        raise CannotStart(
            f"The disk that holds {data_dir} has only {free // 1_000_000} MB left, and Klout needs "
            f"{LEAST_FREE_BYTES // 1_000_000} MB to work. Nothing was started and all data are "
            "kept. Free some space, or set DATA_DIR to a folder on another disk."
        )


@contextlib.contextmanager
def socket_folders() -> Iterator[list[Path]]:
    """Collects the folders made for sockets outside DATA_DIR and removes them at the end."""
    folders: list[Path] = []
    try:
        yield folders
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


class Up:
    """One run, from the first check to the last child's end."""

    def __init__(self, wishes: Wishes, data_dir: Path, folders: list[Path], began: float) -> None:
        self.wishes = wishes
        self.data_dir = data_dir
        self.folders = folders
        self.began = began
        self.desk = Desk(
            logs=places.make_folder(data_dir / "logs"), pids=places.make_folder(data_dir / "pids")
        )
        self.supervisor = Supervisor(self.desk)
        self.environment: dict[str, str] = {}
        self.mail = Tail(self.desk.logs / "mail.log")
        self.demo_story = Tail(self.desk.logs / "demo.log")

    def run(self) -> int:
        self.supervisor.listen_to_signals()
        try:
            self.start_all()
            self.greet()
            for service in self.helpers():
                self.supervisor.begin(service)
            self.supervisor.wait_for("playground")
            self.bring_to_life()
            while self.supervisor.is_wanted():
                self.look()
                time.sleep(0.2)
            say("\nStopping.")
        except OSError as error:
            raise explained(error, self.data_dir) from error
        finally:
            self.supervisor.stop_all()
        say("Stopped. All data are kept.")
        return 0

    # --- starting ---------------------------------------------------------------------------

    def start_all(self) -> None:
        left = stop_orphans(NAMES, self.desk)
        if left:
            say(f"Stopped what an earlier run had left behind: {', '.join(left)}")
        ports.wait_until_free(self.wishes.port)
        ports.wait_until_free(self.wishes.port + 1)
        self.environment = self.settings()
        self.start_servers()
        write_private(self.data_dir / ENVIRONMENT, json.dumps(self.environment, indent=1))
        say("Preparing the database and the style sheets")
        self.supervisor.run_step(self.python("step", "manage.py", "prepare"))
        say("Starting the web server")
        self.supervisor.begin(self.gunicorn("web", "klout", self.wishes.port, workers=2))
        self.supervisor.wait_for("web")

    def settings(self) -> dict[str, str]:
        """What the children find in their environment; what is set there already wins."""
        ours = {
            "BASE_URL": self.wishes.address,
            "DEVELOPMENT_HOSTS": self.wishes.playground,
            "STATIC_ROOT": str(self.data_dir / "static"),
            "PLAYGROUND_BASE_URL": f"http://{self.wishes.playground}",
            "PLAYGROUND_DATA_DIR": str(self.data_dir / "playground"),
            # Who tries it gives at once; with a network of its own, nobody can be flooded.
            "GIVING_WAIT_DAYS": "0",
        }
        chosen = {name: os.environ.get(name) or value for name, value in ours.items()}
        fixed = {"DATA_DIR": str(self.data_dir), "DJANGO_SETTINGS_MODULE": "klout.settings"}
        return chosen | fixed | {"PYTHONUNBUFFERED": "1"}

    def start_servers(self) -> None:
        database_exists = False
        if not self.wishes.database_url:
            place = places.find_postgres(self.data_dir)
            if postgres.stop_orphan(place.data):
                say("Stopped a PostgreSQL that an earlier run had left behind.")
            database_exists = place.data.exists()
        secrets = self.data_dir / "secrets"
        self.environment |= keys.ensure(secrets, database_exists=database_exists)
        if not self.wishes.database_url:
            self.start_postgres(place)
        if not self.wishes.redis_url:
            self.start_valkey()

    def start_postgres(self, place: places.PostgresPlace) -> None:
        known = "" if place.data.exists() else " for the first time"
        say(f"Starting PostgreSQL{known}")
        postgres.prepare(place)
        sockets = self.sockets(place.home / "sockets", place.run_as)
        self.supervisor.start(postgres.service(place, sockets))
        if self.supervisor.is_wanted():
            postgres.create_database(sockets)
        self.environment["DATABASE_URL"] = postgres.url(sockets)

    def start_valkey(self) -> None:
        say("Starting Valkey")
        home, sockets = self.data_dir / "valkey", self.sockets(self.data_dir / "sockets")
        valkey.prepare(home, sockets)
        self.supervisor.start(valkey.service(home, sockets))
        self.environment["REDIS_URL"] = valkey.url(sockets)

    def sockets(self, preferred: Path, owner: places.RunAs | None = None) -> Path:
        folder = places.socket_folder(preferred, owner)
        if folder != preferred:
            self.folders.append(folder)
        return folder

    # --- what runs ----------------------------------------------------------------------------

    def python(self, name: str, *words: str) -> Service:
        return Service(name, (sys.executable, *words), self.environment, folder=ROOT)

    def helpers(self) -> list[Service]:
        """What works behind the pages, and the network to try them with."""
        celery = ("-m", "celery", "-q", "-A", "klout.celery:app")
        schedule = str(places.make_folder(self.data_dir / "beat") / "schedule")
        clock = ("beat", "--schedule", schedule, "--pidfile=")
        return [
            self.python("worker", *celery, *worker_words("celery")),
            # Its own, so that erasing or exporting never waits behind a night.
            self.python("urgent-worker", *celery, *worker_words("urgent")),
            self.python("beat", *celery, *clock),
            # One process, since the pretend network keeps its world in memory.
            self.gunicorn("playground", "playground", self.wishes.port + 1, workers=1),
        ]

    def gunicorn(self, name: str, package: str, port: int, *, workers: int) -> Service:
        words = ["-m", "gunicorn", f"{package}.wsgi:application"]
        words += ["--config", "python:klout.web_server", "--workers", str(workers)]
        # Loaded once and shared; a single worker loads for itself.
        words += ["--preload"] if workers > 1 else []
        for address in ports.loopback_addresses():
            words += ["--bind", f"[{address}]:{port}" if ":" in address else f"{address}:{port}"]
        service = self.python(name, *words)
        return replace(
            service,
            environment=self.environment | {"DJANGO_SETTINGS_MODULE": f"{package}.settings"},
            is_ready=lambda: answers(port),
            ready_within=60.0,
            stop_within=8.0,
        )

    # --- while it runs --------------------------------------------------------------------------

    def look(self) -> None:
        self.supervisor.tend()
        for line in (*self.mail.new_lines(), *self.demo_story.new_lines()):
            say(line)

    def greet(self) -> None:
        if not self.supervisor.is_wanted():
            return
        address, seconds = self.wishes.address, time.monotonic() - self.began
        say(f"\nKlout is running: {address}  (after {seconds:.0f} s)")
        say(f"Sign up there, or sign in {self.how_to_sign_in()}.")
        say(f"Mail stays on this machine: {address}/mail/")
        say(f"A pretend network to link: {self.wishes.playground}")
        say("Ctrl-C stops everything; the next `make run` goes on with the same data.\n")

    def how_to_sign_in(self) -> str:
        password = self.data_dir / "secrets/demo-password"
        if (self.data_dir / DEMO_DONE).exists() and password.exists():
            return f"as ada@example.com with the password {password.read_text().strip()}"
        if self.wishes.demo:
            return "as one of three example members, who are listed here in a minute or two"
        return "with what you signed up with"

    def bring_to_life(self) -> None:
        """The three example members, once; an interrupted try is taken up at the next start."""
        done = self.data_dir / DEMO_DONE
        if not self.wishes.demo or done.exists():
            return
        try:
            # What it tells is for people; its log lines are not.
            service = self.python("demo", "manage.py", "bring_to_life")
            quiet = replace(service, environment=self.environment | {"LOG_LEVEL": "WARNING"})
            self.supervisor.run_step(quiet, meanwhile=self.look)
        except CannotStart as problem:
            say(f"{problem}\nKlout itself runs on; the next start tries the examples again.")
        else:
            if self.supervisor.is_wanted():
                done.touch()
        self.look()


def worker_words(queue: str) -> tuple[str, ...]:
    """A Celery worker of one queue, under a name that no other has."""
    named = (f"--queues={queue}", f"--hostname={queue}@%h")
    return ("worker", *named, "--concurrency=2", "--without-mingle")


def answers(port: int) -> bool:
    """Does a web server there give a page?"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
