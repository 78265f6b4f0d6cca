"""Upgrade to a next version and back, under load: the version that serves goes on serving.

The next version is this one with a migration more in two of its apps, as an expanding one has to
be: a column that may be empty, and an index made beside the work. While it runs, somebody holds a
lock on the table, so that it has to give way.
"""

import http.client
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from benchmarks.crowd import session_of
from benchmarks.web import served
from tests.factories import make_account, make_score
from tests.free_ports import two_free_ports
from tests.security.databases import ROOT, address_of, query

NEXT = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("{app}", "{last}")]
    operations = [{operation}]
"""
COLUMN = 'migrations.AddField("member", "of_the_next_version", models.TextField(null=True))'
INDEX = (
    'AddIndexConcurrently("linkedaccount", models.Index(fields=["linked_at"], name="of_the_next"))'
)
SETTINGS = """
from klout.settings import *
MIGRATION_MODULES = {"accounts": "next_accounts", "networks": "next_networks"}
"""


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """A folder with the migrations of a version that is not written yet."""
    for app, operation, atomic in (("accounts", COLUMN, True), ("networks", INDEX, False)):
        package = tmp_path / f"next_{app}"
        shutil.copytree(ROOT / app / "migrations", package)
        last = sorted(path.stem for path in package.glob("0*.py"))[-1]
        text = NEXT.format(app=app, last=last, operation=operation, atomic=atomic)
        (package / "9999_next.py").write_text(text)
    (tmp_path / "next_settings.py").write_text(SETTINGS)
    return tmp_path


def migrate(
    next_version: Path, *words: str, once_it_tries_again: Callable[[], None] = lambda: None
) -> subprocess.CompletedProcess[str]:
    known = {"DATABASE_URL": address_of(str(connection.settings_dict["NAME"]))}
    known |= {"DJANGO_SETTINGS_MODULE": "next_settings", "PYTHONPATH": str(next_version)}
    command = [sys.executable, "manage.py", "migrate", *words]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | known, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        said = []
        for line in running.stderr:
            said.append(line)
            if "Trying again" in line:
                once_it_tries_again()
    return subprocess.CompletedProcess(command, running.returncode, stderr="".join(said))


class Visitors:
    """Read pages without a pause until they are told to stop."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session = port, session
        self.answers: Counter[int | str] = Counter()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._visit) for _ in range(3)]

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _visit(self) -> None:
        while not self._over.is_set():
            for path in ("/dashboard/", "/networks/", "/k/", "/how/"):
                self.answers[self._answer(path)] += 1

    def _answer(self, path: str) -> int | str:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            wire.request("GET", path, headers={"Cookie": f"session={self.session}"})
            return wire.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            wire.close()


@contextmanager
def locked(table: str) -> Iterator[Callable[[], None]]:
    """Somebody reads this table in a transaction that stays open until they let go."""
    known = connection.settings_dict
    opened = psycopg2.connect(
        dbname=known["NAME"], host=known["HOST"], user=known["USER"], password=known["PASSWORD"]
    )
    with closing(opened), opened.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        yield opened.rollback


@pytest.mark.django_db(transaction=True)
def test_a_version_forward_and_back_fails_no_request(ada, now, next_version, monkeypatch) -> None:
    account = make_account(ada, now)
    make_score(ada, now, [account])
    here = str(connection.settings_dict["NAME"])
    port = two_free_ports()
    monkeypatch.setenv("DATABASE_URL", address_of(here))
    monkeypatch.setenv("BASE_URL", f"http://127.0.0.1:{port}")
    with (
        served("klout.wsgi:application", "klout.settings", port),
        Visitors(port, session_of(ada)) as visitors,
    ):
        with locked("accounts_member") as let_go:
            forward = migrate(next_version, once_it_tries_again=let_go)
        columns = f"SELECT count(*) FROM information_schema.columns WHERE {OF_NEXT}"
        there = query(here, columns)
        back = [migrate(next_version, app, last) for app, last in _last(next_version)]
    assert forward.returncode == 0, forward.stderr
    assert "Trying again" in forward.stderr
    assert there == [(1,)]
    assert all(done.returncode == 0 for done in back), [done.stderr for done in back]
    assert query(here, columns) == [(0,)]
    assert set(visitors.answers) == {200}, visitors.answers
    assert visitors.answers[200] > 20


OF_NEXT = "table_name = 'accounts_member' AND column_name = 'of_the_next_version'"


def _last(next_version: Path) -> list[tuple[str, str]]:
    """Each app with the migration that is its last one today."""
    return [
        (app, sorted(path.stem for path in (ROOT / app / "migrations").glob("0*.py"))[-1])
        for app in ("accounts", "networks")
    ]
