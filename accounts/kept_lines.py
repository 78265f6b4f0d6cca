"""Lines in files outside the database, which no backup of the database takes back.

Each is on the disk when `append` returns; a line that a crash cut off is passed over by readers.
"""

import os
from collections.abc import Iterator
from pathlib import Path


def append(path: Path, line: str) -> None:
    """Raises OSError where it cannot be written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # One write each, so that two at once do not mix.
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
    _sync(path.parent)


def words_of(path: Path, many: int) -> Iterator[list[str]]:
    """The words of each whole line, the oldest first; none where there is no file yet."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return
    yield from (words for line in lines if len(words := line.split()) == many)


def _sync(folder: Path) -> None:
    """Make sure that a file made just now is found after a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
