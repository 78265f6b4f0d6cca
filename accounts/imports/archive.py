"""Reading an export that comes from outside: within bounds, from the file, never onto the disk.

No name in the ZIP is ever used as a path. Lists are read from their CSV files row by row, so that
memory does not grow with them; what does not have the shape of docs/export.md is refused.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.exports.archive import FORMAT, FORMAT_VERSION, MANIFEST
from accounts.imports.fields import NotAnExport, Row

# Bytes: of the upload, of one file in it when inflated, of those that are read whole.
UPLOAD_MAX = 50_000_000
FILE_MAX = 128_000_000
WHOLE_MAX = 1_000_000
ENTRIES_MAX = 200
_HOST = re.compile(r"[a-z0-9.\-]{1,240}(:[0-9]{1,5})?")
# What zipfile raises: an unknown compression is NotImplementedError, a password RuntimeError.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class Archive:
    """An opened export. Every method raises NotAnExport where the file is not what it says."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self._entries = _entries(zipped)
        manifest = self._json(MANIFEST)
        if manifest.get("format") != FORMAT or manifest.get("format_version") != FORMAT_VERSION:
            raise NotAnExport(_("It is no export of Klout, or of an unknown version."))
        self.site = _host(manifest.get("site"))
        self.exported_at = _moment(manifest.get("exported_at"))
        files = manifest.get("files")
        self._hashes: dict[str, Any] = files if isinstance(files, dict) else {}

    def whole(self, name: str) -> dict[str, Any]:
        """A small JSON file, whole."""
        self._check(name)
        return self._json(name)

    def rows(self, name: str, most: int) -> Iterator[Row]:
        """The rows of a CSV file, at most so many; none where there is no such file."""
        if name not in self._entries:
            return
        self._check(name)
        with self._open(name) as file:
            reader = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
            try:
                for number, row in enumerate(reader, 1):
                    if number > most:
                        raise NotAnExport(_("There are more than %d rows in %s.") % (most, name))
                    yield Row(row, f"{name}, {number}")
            except (csv.Error, UnicodeDecodeError) as error:
                raise NotAnExport(_("%s is damaged.") % name) from error

    def _check(self, name: str) -> None:
        """Whether the file is as the manifest says: damage is found, a lie is not."""
        told = self._hashes.get(name)
        digest = hashlib.sha256()
        with self._open(name) as file:
            while block := file.read(1 << 16):
                digest.update(block)
        if not isinstance(told, dict) or told.get("sha256") != digest.hexdigest():
            raise NotAnExport(_("%s is not as it was when the export was made.") % name)

    def _json(self, name: str) -> dict[str, Any]:
        with self._open(name) as file:
            content = file.read(WHOLE_MAX + 1)
        if len(content) > WHOLE_MAX:
            raise NotAnExport(_("%s is too large.") % name)
        try:
            found = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise NotAnExport(_("%s is damaged.") % name) from error
        if not isinstance(found, dict):
            raise NotAnExport(_("%s is damaged.") % name)
        return found

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        entry = self._entries.get(name)
        if entry is None:
            raise NotAnExport(_("%s is missing in it.") % name)
        try:
            with self._zip.open(entry) as file:
                yield io.BufferedReader(_Bounded(file, name))
        except _BROKEN as error:
            raise NotAnExport(_("%s is damaged.") % name) from error


class _Bounded(io.RawIOBase):
    """A file that ends in an error where it becomes larger than we take, whatever it declared."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name, self._left = file, name, FILE_MAX

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._file.read(len(buffer))
        self._left -= len(block)
        if self._left < 0:
            raise NotAnExport(_("%s is too large.") % self._name)
        buffer[: len(block)] = block
        return len(block)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The export in a file. Raises NotAnExport."""
    try:
        with zipfile.ZipFile(path) as zipped:
            yield Archive(zipped)
    except _BROKEN as error:
        raise NotAnExport(_("It is not a ZIP file, or it is damaged.")) from error


def _entries(zipped: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = zipped.infolist()
    if len(infos) > ENTRIES_MAX:
        raise NotAnExport(_("There are more files in it than an export has."))
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        parts = info.filename.split("/")
        is_odd = "\\" in info.filename or info.filename.startswith("/") or ".." in parts
        if is_odd or info.filename in entries or info.flag_bits & 1:
            raise NotAnExport(_("There are files in it that no export has."))
        if info.file_size > FILE_MAX:
            raise NotAnExport(_("%s is too large.") % info.filename[:80])
        entries[info.filename] = info
    return entries


def _host(site: object) -> str:
    try:
        host = urlsplit(site).netloc.lower() if isinstance(site, str) else ""
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host):
        raise NotAnExport(_("It does not say at which site it was made."))
    return host


def _moment(text: object) -> datetime:
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise NotAnExport(_("It does not say when it was made."))
    return found
