"""A pytest plugin: a real PostgreSQL and Valkey for the session where none are configured.

It is loaded by `-p` and not by conftest.py, since Django reads its settings before that. Workers
of pytest-xdist find both addresses in the environment and start nothing.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from klout.embedded import places, postgres, processes, valkey

PREFIX = "klout-tests-"


class Servers:
    """Both servers in a folder of their own; unless `durable`, without the waits for the disk."""

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        remove_left_behind()
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
        self.session = self.folder / "session.pid"
        processes.remember(os.getpid(), self.session)
        self.desk = processes.Desk(self.folder, self.folder)
        self.running: list[tuple[subprocess.Popen[bytes], processes.Service]] = []

    def start_postgres(self) -> str:
        if os.geteuid() == 0:
            self.folder.chmod(0o711)
        place = places.find_postgres(self.folder, outside=self.folder / "outside")
        postgres.prepare(place, durable=self.durable)
        sockets = places.socket_folder(self.folder / "p", place.run_as)
        self._start(postgres.service(place, sockets, durable=self.durable))
        postgres.create_database(sockets)
        return postgres.url(sockets)

    def start_valkey(self) -> str:
        home, sockets = self.folder / "valkey", places.socket_folder(self.folder / "v")
        valkey.prepare(home, sockets, durable=False)
        self._start(valkey.service(home, sockets))
        return valkey.url(sockets)

    def stop(self) -> None:
        for process, service in reversed(self.running):
            processes.stop(process, service, self.desk)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, service: processes.Service) -> None:
        process = processes.start(service, self.desk)
        self.running.append((process, service))
        self.running[-1] = (processes.wait_until_ready(process, service, self.desk), service)


def remove_left_behind() -> None:
    """Ends the servers of earlier sessions that were killed."""
    for folder in Path("/tmp").glob(f"{PREFIX}*"):  # noqa: S108 (only folders of ours)
        session = folder / "session.pid"
        if folder.stat().st_uid != os.geteuid() or not session.exists():
            continue
        if processes.remembered(session) is None:
            postgres.stop_orphan(places.postgres_home(folder) / "data")
            processes.stop_orphans(["valkey"], processes.Desk(folder, folder))
            shutil.rmtree(folder, ignore_errors=True)


_servers = pytest.StashKey[Servers]()

# Members of the tests are made a moment before they give.
ENVIRONMENT = {
    "GIVING_WAIT_DAYS": "0",
    "SECRET_KEY": "only-for-tests",
    "RESPONDER_KEY": "only-for-tests",
    "CREDENTIAL_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    missing = [n for n in ("DATABASE_URL", "REDIS_URL", "DATA_DIR") if n not in os.environ]
    if missing:
        servers = early_config.stash[_servers] = Servers()
        early_config.add_cleanup(servers.stop)
        if "DATABASE_URL" in missing:
            os.environ["DATABASE_URL"] = servers.start_postgres()
        if "REDIS_URL" in missing:
            os.environ["REDIS_URL"] = servers.start_valkey()
        os.environ.setdefault("DATA_DIR", str(places.make_folder(servers.folder / "data")))
    return (yield)
