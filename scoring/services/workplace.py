"""Where a night keeps what is done, so that one that was killed is taken up where it stopped."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

# What members deleted meanwhile must not lie about longer: then a night begins anew.
KEPT_SECONDS = 3600
# Readable by nobody else on this machine.
PRIVATE = 0o700
ABOUT = "about.json"


@dataclass(frozen=True)
class Workplace:
    """A folder in which each step leaves one file, whole or not at all."""

    folder: Path

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def make(self, name: str, write: Callable[[Path], None]) -> bool:
        """Have the file `name`, by `write` unless it is there; whether it was made now."""
        place = self.folder / name
        if place.exists():
            return False
        beside = self.folder / f"{name}.part"
        write(beside)
        beside.replace(place)
        return True


@contextmanager
def passing_workplace() -> Iterator[Workplace]:
    """One that goes when the block is left, however."""
    with TemporaryDirectory(prefix="klout-scores-") as name:
        yield Workplace(Path(name))


@contextmanager
def kept_workplace(folder: Path, about: Mapping[str, str]) -> Iterator[Workplace]:
    """One that goes when all is done, and stays when the block breaks off.

    What is there already is taken up if it is `about` the same, and no step is older than an hour.
    """
    if not _may_be_taken_up(folder, about):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=PRIVATE, parents=True)
        (folder / ABOUT).write_text(json.dumps(dict(about)))
    for left in folder.glob("*.part"):
        left.unlink()
    for left in folder.glob("engine-*"):
        shutil.rmtree(left)
    yield Workplace(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _may_be_taken_up(folder: Path, about: Mapping[str, str]) -> bool:
    try:
        is_same = json.loads((folder / ABOUT).read_text()) == dict(about)
    except (OSError, ValueError):
        return False
    oldest = min(file.stat().st_mtime for file in folder.iterdir() if file.is_file())
    return is_same and time() - oldest < KEPT_SECONDS
