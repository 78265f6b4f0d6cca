"""Putting a backup back: into an empty database, whole or not at all, with nobody who has left.

What was in the database is moved aside in one statement, and forgotten only when the restored one
has been checked, migrated and cleared of everybody who was erased since.
"""

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.leaving import replay_erasures
from accounts.sessions import end_everybodys
from klout.backups.archive import CHUNK, Manifest, Reader, key_marks, opened
from klout.backups.tools import BackupProblem, Tools, find_tools
from networks.services import stop_list
from scoring.services.day_files import rebuild_day_files

ASIDE = "before_restore"
# Lines of pg_restore's list that are about the schema we made ourselves.
OWN_SCHEMA = re.compile(r" SCHEMA - public | - SCHEMA public ")
OTHERS_SQL = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Wishes:
    """What may be done: `replace` a database in which somebody is; go `without_list`."""

    replace: bool = False
    without_list: bool = False


@dataclass(frozen=True)
class Restored:
    """What came back, and how many of them were erased again."""

    manifest: Manifest
    members: int
    erased_again: int


def restore(path: Path, now: datetime, wishes: Wishes, tell: Callable[[str], None]) -> Restored:
    """Put the backup back. Raises BackupProblem; then the database is as it was."""
    tools = find_tools()
    with opened(path) as reader:
        _refuse_what_does_not_fit(reader.manifest)
        _refuse_company(wishes)
        _undo_a_killed_restore()
        _refuse_to_overwrite(wishes)
        tell("Reading the backup")
        reader.check_digest()
        with _in_place_of_what_is_there():
            tell("Restoring")
            _pg_restore(reader, tools)
            _compare_rows(reader.manifest)
            tell("Migrating, and erasing again who has left since")
            call_command("migrate", interactive=False, verbosity=0)
            erased_again = replay_erasures(now)
            stop_list.replay(now)
            end_everybodys()
    tell("Writing the day files anew")
    rebuild_day_files(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM accounts_member")
        members = int(cursor.fetchone()[0])
    return Restored(reader.manifest, members, erased_again)


def listed(reader: Reader, tools: Tools) -> list[str]:
    """What pg_restore finds in the dump, a line each. Raises BackupProblem."""
    with reader.dump() as entry:
        said = _run([str(tools.pg_restore), "--list"], tools, entry)
    return [line for line in said.splitlines() if line and not line.startswith(";")]


def _refuse_what_does_not_fit(manifest: Manifest) -> None:
    marks = key_marks()
    for name, of_backup in manifest.keys.items():
        if of_backup and not set(of_backup) & set(marks.get(name, [])):
            raise BackupProblem(
                f"The backup was written with another {name} than this site has. With the wrong "
                "one nobody who was erased would be known again, or no token could be opened. "
                f"Nothing was changed. Set the {name} that was kept with the list of the erased."
            )
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    if later := sorted(set(manifest.migrations) - known):
        raise BackupProblem(
            f"The backup is of version {manifest.version}, which is later than this one "
            f"({settings.VERSION}): it has {later[0]} and {len(later) - 1} more migrations that "
            "are not known here. Nothing was changed. Install that version, and restore with it."
        )


def _refuse_company(wishes: Wishes) -> None:
    if not settings.ERASED_LIST.exists() and not wishes.without_list:
        raise BackupProblem(
            f"There is no list of the erased at {settings.ERASED_LIST}, so members who left since "
            "the backup would come back. Nothing was changed. Put the newest copy of the list "
            "there; if nobody was ever erased, say --without-erased-list."
        )
    if _others():
        raise BackupProblem(
            "Others are connected to this database. Nothing was changed. Stop the web server, the "
            "workers and beat, then restore."
        )


def _refuse_to_overwrite(wishes: Wishes) -> None:
    if not wishes.replace and (found := _what_is_there()):
        raise BackupProblem(
            f"There are {found} in this database. Nothing was changed. Restore into an empty "
            "database, or say --replace to put the backup in the place of what is there."
        )


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS_SQL)
        return int(cursor.fetchone()[0])


def _what_is_there() -> str:
    """What would be lost; nothing where the database is new, or was only migrated."""
    tables = connection.introspection.table_names()
    if "accounts_member" not in tables:
        return "tables that are not ours" if tables else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM public.accounts_member)")
        return "members" if cursor.fetchone()[0] else ""


def _undo_a_killed_restore() -> None:
    """One that was killed has left what was there aside: it comes back before anything else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [ASIDE])
        if cursor.fetchone()[0]:
            _put_back()


def _put_back() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


@contextmanager
def _in_place_of_what_is_there() -> Iterator[None]:
    """Moves the tables aside; back again after a failure, away for good after success."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        cursor.execute("CREATE SCHEMA public")
    try:
        yield
    except BaseException:
        connection.close()
        _put_back()
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _pg_restore(reader: Reader, tools: Tools) -> None:
    """All of it in one transaction. The schema itself is there."""
    wanted = [line for line in listed(reader, tools) if not OWN_SCHEMA.search(line)]
    words = [str(tools.pg_restore), "--exit-on-error", "--single-transaction"]
    words += ["--no-owner", "--no-privileges", f"--dbname={tools.environment['PGDATABASE']}"]
    with tempfile.NamedTemporaryFile("w", suffix=".list") as chosen, reader.dump() as entry:
        chosen.write("\n".join(wanted))
        chosen.flush()
        _run([*words, f"--use-list={chosen.name}"], tools, entry)


def _run(words: list[str], tools: Tools, entry: IO[bytes]) -> str:
    """Feeds a program the dump; returns what it said. Raises BackupProblem where it failed."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(
            words, env=tools.environment, stdin=subprocess.PIPE, stdout=said, stderr=complained
        )
        assert process.stdin  # noqa: S101 (it was asked for)
        # One that has read enough, or failed, reads no further.
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            shutil.copyfileobj(entry, pipe, CHUNK)
        if process.wait() != 0:
            complained.seek(0)
            why = complained.read(4000).decode(errors="replace").strip()
            raise BackupProblem(f"pg_restore failed, and the database is as it was before: {why}")
        said.seek(0)
        return said.read().decode()


def _compare_rows(manifest: Manifest) -> None:
    different = []
    with connection.cursor() as cursor:
        for table, rows in manifest.rows.items():
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM public.{name}")  # noqa: S608
            if (found := int(cursor.fetchone()[0])) != rows:
                different.append(f"{table} has {found} rows and not {rows}")
    if different:
        raise BackupProblem(
            f"What was restored is not what was dumped: {'; '.join(different)}. The database is "
            "as it was before."
        )
