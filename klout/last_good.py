"""What was last shown at an address, on disk, for as long as anything of ours is broken.

A file for each address, named by its hash. It is good for a day: a badge that was revoked while
the database was away, or seen by another machine, is not shown for longer than that.
"""

import json
import logging
import os
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from scoring.badge import Words

logger = logging.getLogger(__name__)

GOOD_FOR = timedelta(days=1)
# What is still true is written again only so often.
WRITE_AGAIN = timedelta(hours=1)


class LastGood:
    """The words of badges in files of `folder`. Trouble with the disk is logged and no more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, address: str, words: Words, now: datetime) -> None:
        """Remember what is shown now."""
        path = self._path(address)
        kept = self._read(path)
        if kept and kept[0] == words and now - kept[1] < WRITE_AGAIN:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep(now)
            self._write(path, json.dumps({"at": now.isoformat(), "words": asdict(words)}))
        except OSError as error:
            logger.warning("last good badge not kept: %s", error)

    def words(self, address: str, now: datetime) -> Words | None:
        """What was shown within a day; None if nothing was."""
        kept = self._read(self._path(address))
        return kept[0] if kept and now - kept[1] < GOOD_FOR else None

    def forget(self, address: str) -> None:
        """Nothing is shown there any more."""
        try:
            self._path(address).unlink(missing_ok=True)
        except OSError as error:
            logger.warning("last good badge not forgotten: %s", error)

    def _path(self, address: str) -> Path:
        return self._folder / f"{sha256(address.encode()).hexdigest()}.json"

    def _read(self, path: Path) -> tuple[Words, datetime] | None:
        try:
            kept = json.loads(path.read_text())
            return Words(**kept["words"]), datetime.fromisoformat(kept["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, path: Path, text: str) -> None:
        """Whole or not at all: another process may read at this very moment."""
        with NamedTemporaryFile("w", dir=self._folder, suffix=".new", delete=False) as file:
            file.write(text)
        os.replace(file.name, path)

    def _sweep(self, now: datetime) -> None:
        """Once an hour: files that are good for nothing any more."""
        mark = self._folder / "swept"
        if mark.exists() and now.timestamp() - mark.stat().st_mtime < WRITE_AGAIN.total_seconds():
            return
        mark.touch()
        oldest = time.time() - GOOD_FOR.total_seconds()
        for path in self._folder.glob("*.*"):
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
