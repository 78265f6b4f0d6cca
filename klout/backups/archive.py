"""What a backup is: a zip file with `database.dump`, and `manifest.json` written last.

The dump is PostgreSQL's custom format as pg_dump made it, so without us `unzip` and `pg_restore`
put it back. A backup that was cut off has no manifest and no list of its parts, and is refused.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from klout.backups.tools import BackupProblem

DUMP, MANIFEST = "database.dump", "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
# What a database is worth nothing without, or must not be kept beside it; docs/backups.md.
NOT_IN_IT = ("SECRET_KEY", "RESPONDER_KEY", "CREDENTIAL_KEYS", "ERASED_LIST")
# Their rows are keys with which whoever reads a backup would be signed in; a restore ends them.
SESSION_TABLES = ("django_session", "usersessions_usersession")


@dataclass(frozen=True)
class Manifest:
    """`rows` of each table that was dumped, at that moment; `keys`: marks by which one is known."""

    format: int
    made_at: str
    version: str
    postgres: int
    migrations: list[str]
    rows: dict[str, int]
    size: int
    sha256: str
    keys: dict[str, list[str]]
    not_in_it: list[str]

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """Raises BackupProblem for what is no manifest, or one of a later format."""
        try:
            said: dict[str, Any] = json.loads(text)
            manifest = cls(**said)
        except (ValueError, TypeError):
            raise BackupProblem(
                "The manifest of the backup is damaged. Nothing was read."
            ) from None
        if manifest.format != FORMAT:
            raise BackupProblem(
                f"The backup has format {manifest.format}, and this version reads {FORMAT}. "
                "Nothing was changed. Restore it with the version that made it."
            )
        return manifest

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def key_marks() -> dict[str, list[str]]:
    """A mark of each key that a restored database needs; it tells nothing of the key."""
    kept = {"RESPONDER_KEY": [settings.RESPONDER_KEY], "CREDENTIAL_KEYS": settings.CREDENTIAL_KEYS}
    return {name: [_mark(str(key)) for key in keys] for name, keys in kept.items()}


def _mark(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=8, person=b"klout-backup").hexdigest()


class _Unseekable(io.RawIOBase):
    """A pipe for zipfile, which else asks whether it may go back; a file is one here, too."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        while view:
            view = view[self._out.write(view) :]
        return memoryview(data).nbytes

    def flush(self) -> None:
        self._out.flush()


class Writer:
    """Writes the dump as it comes, then what is known of it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(_Unseekable(out), "w", zipfile.ZIP_STORED)
        self._digest = hashlib.sha256()
        self.size = 0

    def dump(self, source: IO[bytes]) -> None:
        with self._zip.open(DUMP, "w", force_zip64=True) as entry:
            while chunk := source.read(CHUNK):
                self._digest.update(chunk)
                self.size += len(chunk)
                entry.write(chunk)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, manifest.written())
        self._zip.close()


class Reader:
    """A backup that is whole; see `opened`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self.manifest = Manifest.read(archive.read(MANIFEST))

    @contextmanager
    def dump(self) -> Iterator[IO[bytes]]:
        with self._zip.open(DUMP) as entry:
            yield entry

    def check_digest(self) -> None:
        """Raises BackupProblem where the dump is not the one that was written."""
        digest = hashlib.sha256()
        try:
            with self.dump() as entry:
                while chunk := entry.read(CHUNK):
                    digest.update(chunk)
        except (zipfile.BadZipFile, OSError) as error:
            raise BackupProblem(_DAMAGED) from error
        if digest.hexdigest() != self.manifest.sha256:
            raise BackupProblem(_DAMAGED)


_DAMAGED = (
    "The backup is damaged: its dump is not the one that was written. Nothing was changed. "
    "Take another copy, or an earlier backup."
)


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Raises BackupProblem for a file that is no whole backup."""
    try:
        archive = zipfile.ZipFile(path)
        reader = Reader(archive)
    except FileNotFoundError:
        raise BackupProblem(f"There is no file {path}. Nothing was changed.") from None
    except (zipfile.BadZipFile, KeyError):
        raise BackupProblem(
            f"{path} is no whole backup: it was cut off, or something else made it. Nothing was "
            "changed. Take another copy, or an earlier backup."
        ) from None
    with archive:
        yield reader
