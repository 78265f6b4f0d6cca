"""The product as a machine runs it: every process dies alone and is started again by its keeper.

Not under `make run`'s supervisor, which gives up on what dies more than eight times in five
minutes: here that is the exercise.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import redis

from klout.embedded import places, postgres, processes, valkey
from klout.embedded.for_tests import ENVIRONMENT, Servers
from klout.embedded.processes import Service

ROOT = Path(__file__).resolve().parents[2]
# As `Restart=always` of systemd with RestartSec=0.5.
PAUSE = 0.5
HEARTS = [f"klout:heartbeat:{name}" for name in ("worker", "urgent_worker", "beat")]
DISK = 512  # MB of the small disk that PostgreSQL lives on
CLOCK = Path(__file__).parent / "clock"


class Kept:
    """A process that is started again whenever it ends, until it is let go."""

    def __init__(self, service: Service, desk: processes.Desk) -> None:
        self.service, self.desk = service, desk
        self.starts = 0
        self._wanted = threading.Event()
        self._gone = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()
        self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        self._wanted.set()

    def stop(self) -> None:
        """Ask it to end and wait; it stays down until `start`."""
        self._wanted.clear()
        if (process := self._process) is not None:
            processes.stop(process, self.service, self.desk)

    def let_go(self) -> None:
        self._gone.set()
        self.stop()
        self._wanted.set()
        self._thread.join(30)

    def kill(self) -> None:
        """kill -9 of the process; its keeper sweeps up its children, as systemd does."""
        if (process := self._process) is not None and process.poll() is None:
            process.send_signal(signal.SIGKILL)

    def kill_a_child(self) -> None:
        """kill -9 of its first child: a worker of gunicorn's, a pool process of Celery's."""
        if (process := self._process) is not None:
            listed = subprocess.run(
                ["pgrep", "-P", str(process.pid)], capture_output=True, text=True
            ).stdout.split()
            if listed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(listed[0]), signal.SIGKILL)

    def _keep(self) -> None:
        while not self._gone.is_set():
            self._wanted.wait()
            if self._gone.is_set():
                return
            self._process = processes.start(self.service, self.desk)
            self.starts += 1
            self._process.wait()
            processes.kill_group(self._process.pid)
            time.sleep(PAUSE)


class House:
    """PostgreSQL on a small disk where that is possible, Valkey, web, worker and beat."""

    def __init__(self, port: int, hosts: list[str], web: tuple[str, ...] = ()) -> None:
        """`web` are more words for gunicorn."""
        self.web_words = web
        self.servers = Servers(durable=True)
        self.folder, self.desk = self.servers.folder, self.servers.desk
        self.port = port
        self.disk = self._mount()
        self.clock_file = self.folder / "clock"
        self.set_clock(0)
        if os.geteuid() == 0:
            self.folder.chmod(0o711)
        self.kept: dict[str, Kept] = {}
        data = places.make_folder(self.folder / "data")
        self.environment: dict[str, str] = ENVIRONMENT | {
            "DATA_DIR": str(data),
            # Not into the checkout: pages of whoever comes after would ask for these.
            "STATIC_ROOT": str(data / "static"),
            "DJANGO_SETTINGS_MODULE": "klout.settings",
            "BASE_URL": f"http://127.0.0.1:{port}",
            "DEVELOPMENT_HOSTS": ",".join(hosts),
            "NIGHT_AT": "00:00",
            "LOG_LEVEL": "WARNING",
            "K_ALLOTMENT": "50",
        }

    # --- Starting -----------------------------------------------------------------------------

    def start_servers(self) -> None:
        """PostgreSQL and Valkey; from then on the environment names them."""
        place = places.find_postgres(self.folder, outside=self.disk / "outside")
        postgres.prepare(place)
        with (place.data / "postgresql.conf").open("a") as conf:
            # So that the journal does not fill the small disk by itself.
            conf.write("max_wal_size = 96MB\nmin_wal_size = 32MB\n")
        sockets = places.socket_folder(self.folder / "p", place.run_as)
        self._keep(postgres.service(place, sockets), wait=True)
        postgres.create_database(sockets)
        home, valkey_sockets = self.folder / "valkey", places.socket_folder(self.folder / "v")
        valkey.prepare(home, valkey_sockets)
        self._keep(valkey.service(home, valkey_sockets), wait=True)
        self.environment |= {
            "DATABASE_URL": postgres.url(sockets),
            "REDIS_URL": valkey.url(valkey_sockets),
        }

    def start_product(self) -> None:
        self.prepare()
        for service in self._product():
            self._keep(service)
        wait_for(self.answers, 120, "the web server")

    def prepare(self) -> None:
        """What a deployment does before it serves: migrations, erasures, style sheets."""
        self.manage("prepare")

    def manage(self, *words: str) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=os.environ | self.environment,
            capture_output=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"manage.py {' '.join(words)}: {done.stderr.decode()[-2000:]}")

    def another_beat(self, number: int) -> Kept:
        return Kept(self._beat(f"beat-{number}"), self.desk)

    def _product(self) -> list[Service]:
        web = ("-m", "gunicorn", "klout.wsgi:application", "--config", "python:klout.web_server")
        web += ("--workers", "2", "--bind", f"127.0.0.1:{self.port}", *self.web_words)
        worker = ("-m", "celery", "-q", "-A", "klout.celery:app", "worker")
        worker += ("--concurrency=2", "--without-mingle")
        return [self._python("web", *web), self._python("worker", *worker), self._beat("beat")]

    def _beat(self, name: str) -> Service:
        words = ("-m", "celery", "-q", "-A", "klout.celery:app", "beat", "--pidfile=")
        return self._python(name, *words, "--schedule", str(self.folder / f"{name}.schedule"))

    def _python(self, name: str, *words: str) -> Service:
        clock = {"CHAOS_CLOCK": str(self.clock_file), "PYTHONPATH": str(CLOCK)}
        environment = self.environment | clock
        return Service(name, (sys.executable, *words), environment, folder=ROOT, stop_within=15.0)

    def _keep(self, service: Service, *, wait: bool = False) -> None:
        self.kept[service.name] = Kept(service, self.desk)
        if wait:
            wait_for(service.is_ready, 60, service.name)

    # --- Asking and ending --------------------------------------------------------------------

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/how/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def runs_again(self, within: float) -> float:
        """Seconds until web answers, and worker and beat have beaten anew. Raises TimeoutError."""
        began = time.monotonic()
        forgotten = False

        def all_run() -> bool:
            nonlocal forgotten
            with contextlib.suppress(redis.RedisError):
                client = redis.Redis.from_url(self.environment["REDIS_URL"], socket_timeout=2)
                if not forgotten:
                    client.delete(*HEARTS)
                    forgotten = True
                return client.exists(*HEARTS) == len(HEARTS) and self.answers()
            return False

        wait_for(all_run, within, "all processes")
        return time.monotonic() - began

    def set_clock(self, days: int) -> None:
        """The clock of the product's processes; PostgreSQL's and ours stay right."""
        new = self.clock_file.with_suffix(".new")
        new.write_text(str(days * 24 * 3600))
        new.replace(self.clock_file)

    def logs_of(self, name: str) -> str:
        return processes.last_lines(self.desk.logs / f"{name}.log", 30)

    def close(self) -> None:
        for kept in reversed(self.kept.values()):
            kept.let_go()
        if self.disk != self.folder:
            subprocess.run(["umount", "--lazy", self.disk], check=False)
        self.servers.stop()

    # --- The small disk -----------------------------------------------------------------------

    def _mount(self) -> Path:
        """A small disk of its own for PostgreSQL, where this user may mount one."""
        disk = self.folder / "disk"
        disk.mkdir(mode=0o711)
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=0711", "klout-chaos", disk],
            capture_output=True,
        )
        return disk if made.returncode == 0 else self.folder

    @property
    def has_small_disk(self) -> bool:
        return self.disk != self.folder

    @contextlib.contextmanager
    def full_disk(self) -> Iterator[None]:
        fill = self.disk / "fill"
        with fill.open("wb") as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * (1 << 20))
                file.flush()
        try:
            yield
        finally:
            fill.unlink()


def wait_for(is_so: Callable[[], bool], seconds: float, what: str) -> float:
    """The seconds it took. Raises TimeoutError."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - began
