"""Where the day files are kept: a local folder, or any store that fsspec knows by its URL."""

import os
from collections.abc import Iterable
from hashlib import blake2b, file_digest
from io import BufferedReader
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

DIGEST_BYTES = 16
# Readable by nobody else on this machine.
PRIVATE = 0o700


class Folder:
    """Files by name. Names are never used twice, so half a file is one that nothing points to."""

    def __init__(self, address: str) -> None:
        """`address`: a path, or a URL such as `s3://bucket/klout`. ImportError: no such kind."""
        self._files, self._root = fsspec.url_to_fs(address)
        if self.is_local:
            Path(self._root).mkdir(mode=PRIVATE, parents=True, exist_ok=True)

    @property
    def is_local(self) -> bool:
        """Whether engines of this machine read the files where they are."""
        return isinstance(self._files, LocalFileSystem)

    def url(self, name: str) -> str:
        """How others call a file; a path where it is local."""
        place = f"{self._root}/{name}"
        return place if self.is_local else str(self._files.unstrip_protocol(place))

    def put(self, file: Path, name: str) -> None:
        """Bring a file here."""
        self._files.put_file(str(file), f"{self._root}/{name}")

    def fetch(self, name: str, file: Path) -> None:
        """Copy a file to this machine. OSError: it is not there."""
        self._files.get_file(f"{self._root}/{name}", str(file))

    def write(self, name: str, content: bytes) -> None:
        """All of it or nothing."""
        place = f"{self._root}/{name}"
        if not self.is_local:
            self._files.pipe_file(place, content)
            return
        beside = f"{place}.part"
        self._files.pipe_file(beside, content)
        os.replace(beside, place)

    def read(self, name: str) -> bytes:
        """OSError: it is not there."""
        content: bytes = self._files.cat_file(f"{self._root}/{name}")
        return content

    def size(self, name: str) -> int:
        """In bytes. OSError: it is not there."""
        return int(self._files.size(f"{self._root}/{name}"))

    def names(self) -> set[str]:
        """Everything that is here."""
        self._files.invalidate_cache()
        try:
            places = self._files.ls(self._root, detail=False)
        except FileNotFoundError:
            return set()
        return {str(place).rstrip("/").rsplit("/", 1)[-1] for place in places}

    def remove(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            self._files.rm_file(f"{self._root}/{name}")


def digest_of(file: BufferedReader) -> str:
    """BLAKE2b of what is in an open file, in hex."""
    return file_digest(file, lambda: blake2b(digest_size=DIGEST_BYTES)).hexdigest()
