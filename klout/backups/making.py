"""Making a backup: dump and counts of one moment, streamed, checked when it is a file."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from klout.backups.archive import (
    FORMAT,
    NOT_IN_IT,
    SESSION_TABLES,
    Manifest,
    Writer,
    key_marks,
    opened,
)
from klout.backups.restoring import listed
from klout.backups.tools import BackupProblem, Tools, find_tools, server_major

TABLES_SQL = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND NOT tablename = ANY(%s) ORDER BY tablename
"""


def back_up_to_file(path: Path, now: datetime) -> Manifest:
    """Write a backup under this name once it is whole and was read again. Raises BackupProblem."""
    if path.exists():
        raise BackupProblem(f"{path} is there already and was left as it is. Name another file.")
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            manifest = back_up(out, now)
            out.flush()
            os.fsync(out.fileno())
        check(unfinished)
        unfinished.rename(path)
    except OSError as error:
        raise BackupProblem(
            f"{path} could not be written: {error.strerror}. Earlier backups are as they were."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def check(path: Path) -> Manifest:
    """Read a backup from end to end: its digest, and what pg_restore says is in it."""
    tools = find_tools()
    with opened(path) as reader:
        reader.check_digest()
        tables = {
            line.rsplit(" ", 2)[1] for line in listed(reader, tools) if " TABLE DATA " in line
        }
        if missing := reader.manifest.rows.keys() - tables:
            raise BackupProblem(f"The dump has no data of {', '.join(sorted(missing))}.")
        return reader.manifest


def back_up(out: IO[bytes], now: datetime) -> Manifest:
    """Stream a backup; without its end it is none. Raises BackupProblem, OSError."""
    tools = find_tools()
    writer = Writer(out)
    with _one_moment() as snapshot:
        rows = _rows()
        migrations = sorted(f"{app}.{name}" for app, name in _applied())
        with _dumping(tools, snapshot) as source:
            writer.dump(source)
    manifest = Manifest(
        format=FORMAT,
        made_at=now.isoformat(),
        version=settings.VERSION,
        postgres=server_major(),
        migrations=migrations,
        rows=rows,
        size=writer.size,
        sha256=writer.sha256,
        keys=key_marks(),
        not_in_it=list(NOT_IN_IT),
    )
    writer.finish(manifest)
    return manifest


@contextmanager
def _one_moment() -> Iterator[str]:
    """A transaction, and the name by which pg_dump sees exactly what it sees."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES_SQL, [list(SESSION_TABLES)])
        tables = [row[0] for row in cursor.fetchall()]
        return {table: _count(table) for table in tables}


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM public.{connection.ops.quote_name(table)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def _applied() -> list[tuple[str, str]]:
    return list(MigrationRecorder(connection).applied_migrations())


@contextmanager
def _dumping(tools: Tools, snapshot: str) -> Iterator[IO[bytes]]:
    words = [str(tools.pg_dump), "--format=custom", "--schema=public", f"--snapshot={snapshot}"]
    words += [f"--exclude-table-data=public.{table}" for table in SESSION_TABLES]
    process = subprocess.Popen(
        words, env=tools.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout  # noqa: S101 (it was asked for)
        yield process.stdout
        _, said = process.communicate()
        if process.returncode != 0:
            raise BackupProblem(f"pg_dump failed: {said.decode(errors='replace').strip()}")
    finally:
        process.kill()
        process.wait()
