"""Where data and binaries live, and which user PostgreSQL runs under.

PostgreSQL refuses to run as root. Started by root it runs under another user; where that user
cannot reach the binaries or DATA_DIR, both go to /var/lib/klout and DATA_DIR holds a pointer.
The mode of a folder that existed before is never changed.
"""

import hashlib
import json
import os
import pwd
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from klout.embedded import binaries
from klout.embedded.problems import CannotStart, explained

OUTSIDE = Path("/var/lib/klout")
POINTER = "postgres.json"
# Linux allows 107 bytes in a socket's path, macOS 103; the longest name we put in a folder is
# ".s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class RunAs:
    """The user a server runs under when root starts it."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class PostgresPlace:
    home: Path
    binaries: Path
    run_as: RunAs | None

    @property
    def data(self) -> Path:
        return self.home / "data"


def make_folder(path: Path, *, mode: int = 0o700, owner: RunAs | None = None) -> Path:
    """Makes the folder if it is not there; one that is there stays as it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=mode)
        path.chmod(mode)
        if owner is not None:
            os.chown(path, owner.uid, owner.gid)
    except FileExistsError:
        if not path.is_dir():
            raise CannotStart(
                f"{path} is a file, and a folder is needed there. Nothing was changed. "
                "Move it away or set DATA_DIR to another folder."
            ) from None
    except OSError as error:
        raise explained(error, path) from error
    return path


def write_private(path: Path, text: str) -> None:
    """Writes the whole file or leaves the earlier one; only its owner may read it."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise explained(error, path) from error


def prepare_data_dir(data_dir: Path) -> Path:
    """DATA_DIR as an absolute path, made if need be, and ours to write in."""
    data_dir = data_dir.expanduser().absolute()
    # Under root others must be able to pass through to PostgreSQL's own folder.
    make_folder(data_dir, mode=0o711 if os.geteuid() == 0 else 0o700)
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            file.write(b"x" * 4096)
    except OSError as error:
        raise explained(error, data_dir) from error
    return data_dir


def find_postgres(data_dir: Path, *, outside: Path | None = None) -> PostgresPlace:
    """The place of this DATA_DIR's database; chosen at the first start and remembered."""
    if os.geteuid() != 0:
        home = make_folder(data_dir / "postgres")
        return PostgresPlace(home, binaries.postgres_folder(), None)
    pointer = data_dir / POINTER
    if pointer.exists():
        home, run_as = _read_pointer(pointer)
    else:
        run_as = other_user()
        home = _choose_home(data_dir, run_as, outside or OUTSIDE)
        make_folder(home.parent, mode=0o711)
        make_folder(home, owner=run_as)
        _write_pointer(pointer, home, run_as)
    return PostgresPlace(home, _reachable_binaries(home, run_as), run_as)


def postgres_home(data_dir: Path) -> Path:
    """Where the database of a DATA_DIR is, or would be."""
    pointer = data_dir / POINTER
    said = json.loads(pointer.read_text())["home"] if pointer.exists() else "postgres"
    return data_dir / said


def other_user() -> RunAs:
    """Whom PostgreSQL runs under when root starts it."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(name, entry.pw_uid, entry.pw_gid)
    raise CannotStart(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor "
        "`nobody` to run it under. Nothing was changed. Run the command as a normal user."
    )


def can_enter(run_as: RunAs, *paths: Path) -> bool:
    """Asks the system itself, as that user: may each folder be entered, each program executed?"""
    asked = subprocess.run(
        ["/bin/sh", "-c", 'for path in "$@"; do test -x "$path" || exit 1; done', "sh", *paths],
        user=run_as.uid,
        group=run_as.gid,
        extra_groups=[],
        cwd="/",
    )
    return asked.returncode == 0


def socket_folder(preferred: Path, owner: RunAs | None = None) -> Path:
    """A folder of mode 0700 whose path is short and plain enough for sockets and their URLs.

    Where `preferred` is neither, a fresh one with a random name is made under /tmp; the caller
    removes it at the end.
    """
    plain = re.fullmatch(r"[A-Za-z0-9/._-]+", str(preferred)) is not None
    if plain and len(os.fsencode(preferred)) <= LONGEST_SOCKET_FOLDER:
        return make_folder(preferred, owner=owner)
    folder = Path(tempfile.mkdtemp(prefix="klout-", dir="/tmp"))
    if owner is not None:
        os.chown(folder, owner.uid, owner.gid)
    return folder


def _choose_home(data_dir: Path, run_as: RunAs, outside: Path) -> Path:
    if can_run(run_as, binaries.postgres_folder()) and can_enter(run_as, data_dir):
        return data_dir / "postgres"
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    candidates = [outside / digest, *(outside / f"{digest}-{n}" for n in range(2, 1000))]
    # A folder that is there belongs to a DATA_DIR that was moved or emptied: it is left alone.
    return next(path for path in candidates if not path.exists() or not any(path.iterdir()))


def can_run(run_as: RunAs, folder: Path) -> bool:
    """May that user run the PostgreSQL of this folder?"""
    return can_enter(run_as, folder / "bin/postgres", folder / "lib", folder / "share")


def _reachable_binaries(home: Path, run_as: RunAs) -> Path:
    folder = binaries.postgres_folder()
    if can_run(run_as, folder):
        return folder
    target = home / f"postgresql-{binaries.postgres_version(folder)}"
    try:
        return binaries.copy_postgres(folder, target, uid=run_as.uid, gid=run_as.gid)
    except OSError as error:
        raise explained(error, target) from error


def _read_pointer(pointer: Path) -> tuple[Path, RunAs]:
    user = json.loads(pointer.read_text())["user"]
    home = postgres_home(pointer.parent)
    if not home.is_dir():
        raise CannotStart(
            f"{pointer} says that the database is in {home}, and that folder is gone. Nothing was "
            "changed. Put it back, or run `make reset` to begin again without it."
        )
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise CannotStart(
            f"The database in {home} belongs to the user {user}, who is not on this "
            "machine any more. Nothing was changed. Add that user again and run the command."
        ) from None
    return home, RunAs(user, entry.pw_uid, entry.pw_gid)


def _write_pointer(pointer: Path, home: Path, run_as: RunAs) -> None:
    """A home inside DATA_DIR is written relative, so that DATA_DIR may be moved."""
    inside = home.is_relative_to(pointer.parent)
    text = str(home.relative_to(pointer.parent)) if inside else str(home)
    write_private(pointer, json.dumps({"home": text, "user": run_as.name}) + "\n")
