"""Databases beside that of the tests, as commands and programs reach them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def address_of(database: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=parts.path.rsplit("/", 1)[0] + f"/{database}"))


def query(database: str, statement: str) -> list[tuple[Any, ...]]:
    """What it returns; a statement of its own transaction, outside Django."""
    known = connection.settings_dict
    apart = psycopg2.connect(
        dbname=database,
        host=known["HOST"] or None,
        port=known["PORT"] or None,
        user=known["USER"] or None,
        password=known["PASSWORD"] or None,
    )
    with closing(apart):
        apart.autocommit = True
        with apart.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def empty_database(suffix: str) -> Iterator[str]:
    """The name of a database that nobody has migrated."""
    name = f"{connection.settings_dict['NAME']}_{suffix}"
    query("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    query("postgres", f'CREATE DATABASE "{name}"')
    try:
        yield name
    finally:
        query("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(
    database: str, *words: str, stdin: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """`manage.py` as an operator runs it, on that database."""
    environment: Mapping[str, str] = os.environ | {"DATABASE_URL": address_of(database)} | variables
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
    )
