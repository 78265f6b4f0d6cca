"""Real servers in folders of their own; what a test starts is stopped at its end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from klout.embedded import places, postgres, processes
from klout.embedded.processes import Desk, Service

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about root: run the tests as root")
as_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="about other users: run them as one")


@pytest.fixture(scope="session", autouse=True)
def _nothing_stays_outside() -> Iterator[None]:
    """What would go to /var/lib/klout goes to a folder that is removed at the end."""
    path = Path(tempfile.mkdtemp(prefix="kt-", dir="/tmp"))
    path.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "OUTSIDE", path)
        yield
    shutil.rmtree(path)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that other users may pass through, unlike tmp_path."""
    path = Path(tempfile.mkdtemp(prefix="kt-", dir="/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def desk(folder: Path) -> Desk:
    return Desk(places.make_folder(folder / "logs"), places.make_folder(folder / "pids"))


class Runner:
    """Starts services and remembers them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.running: list[tuple[subprocess.Popen[bytes], Service]] = []

    def start(self, service: Service) -> subprocess.Popen[bytes]:
        process = processes.start(service, self.desk)
        process = processes.wait_until_ready(process, service, self.desk)
        self.running.append((process, service))
        return process

    def stop_all(self) -> None:
        for process, service in reversed(self.running):
            processes.stop(process, service, self.desk)


@pytest.fixture
def runner(desk: Desk) -> Iterator[Runner]:
    runner = Runner(desk)
    yield runner
    runner.stop_all()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh cluster to copy, since making one takes a second or two."""
    path = Path(tempfile.mkdtemp(prefix="kt-", dir="/tmp"))
    path.chmod(0o711)
    place = places.find_postgres(path)
    postgres.prepare(place, durable=False)
    yield place.data
    shutil.rmtree(path)


@pytest.fixture
def place(folder: Path, template: Path) -> places.PostgresPlace:
    """A cluster of the test's own, not yet running."""
    place = places.find_postgres(folder)
    subprocess.run(["cp", "-a", template, place.data], check=True)
    return place
