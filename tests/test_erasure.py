"""Erased means erased: also with a hundred thousand reactions, also after a backup is restored."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import RequestFactory

from accounts import leaving
from accounts.models import Member
from klout.embedded.binaries import postgres_folder
from networks.models import LinkedAccount, Reaction
from tests.factories import make_account, make_outreach, make_reaction, make_score

REQUEST = RequestFactory().get("/")
REACTIONS = 100_000
MANY_SQL = """
    INSERT INTO networks_post (account_id, remote_id, url, excerpt, tags, posted_at)
    SELECT %(account)s, n::text, '', '', '[]', %(now)s FROM generate_series(1, 2000) n;
    INSERT INTO networks_reaction (
        account_id, act_hash, responder_hash, kind, standing, post_id, post_remote_id,
        happened_at, recorded_at
    )
    SELECT %(account)s, n, n %% 9000, 'reply', 1000, post.id, post.remote_id, %(now)s, %(now)s
    FROM generate_series(1, %(many)s) n
    JOIN networks_post post ON post.remote_id = (n %% 2000 + 1)::text
        AND post.account_id = %(account)s;
"""


@pytest.fixture(autouse=True)
def list_of_the_erased(settings: Any, tmp_path: Path) -> Path:
    settings.ERASED_LIST = tmp_path / "erased.txt"
    return settings.ERASED_LIST


@pytest.mark.django_db
def test_a_member_of_a_hundred_thousand_reactions_is_erased_and_nobody_elses_row_is_lost(
    ada: Member, grace: Member, now: datetime
) -> None:
    account = make_account(ada, now, person_hash=4711)
    theirs = make_account(grace, now)
    make_reaction(theirs, now, responder_hash=4711)
    make_score(ada, now, [account])
    with connection.cursor() as cursor:
        cursor.execute(MANY_SQL, {"account": account.pk, "now": now, "many": REACTIONS})
    assert account.reactions.count() == REACTIONS
    leaving.ask(ada, now, REQUEST)
    assert leaving.erase_due(now + leaving.UNDO_FOR) == 1
    assert list(Member.objects.all()) == [grace]
    (left,) = Reaction.objects.all()
    assert left.account == theirs
    assert left.responder_hash != 4711


# --- A backup that is put back ------------------------------------------------------------------


def _address_of(database: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=parts.path.rsplit("/", 1)[0] + f"/{database}"))


def _reach(database: str) -> dict[str, Any]:
    """How psql and pg_dump reach a database that Django reaches."""
    known = connection.settings_dict
    reach = {"PGHOST": known["HOST"], "PGUSER": known["USER"], "PGDATABASE": database}
    reach |= {"PGPORT": str(known["PORT"] or 5432), "PGPASSWORD": known["PASSWORD"]}
    return {name: value for name, value in reach.items() if value}


def _run(program: str, *words: str, database: str) -> None:
    path = postgres_folder() / "bin" / program
    done = subprocess.run(
        [path, *words], env=os.environ | _reach(database), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def restored(transactional_db: None) -> Iterator[str]:
    """The name of an empty database beside that of the tests."""
    name = f"{connection.settings_dict['NAME']}_restored"
    _outside(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    yield name
    _outside(f'DROP DATABASE "{name}" WITH (FORCE)')


def _outside(*statements: str) -> None:
    with closing(psycopg2.connect(_dsn("postgres"))) as apart:
        apart.autocommit = True
        for statement in statements:
            with apart.cursor() as cursor:
                cursor.execute(statement)


def _dsn(database: str) -> str:
    names = {"PGHOST": "host", "PGUSER": "user", "PGDATABASE": "dbname", "PGPORT": "port"}
    names["PGPASSWORD"] = "password"
    return " ".join(f"{names[name]}='{value}'" for name, value in _reach(database).items())


def _tables_that_say(database: str, word: str) -> list[str]:
    with closing(psycopg2.connect(_dsn(database))) as apart, apart.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        saying = []
        for table in tables:
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" AS r WHERE r::text ILIKE %s)',
                [f"%{word}%"],
            )
            if cursor.fetchone()[0]:
                saying.append(table)
    return saying


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_brings_nobody_back(
    restored: str, now: datetime, tmp_path: Path, list_of_the_erased: Path
) -> None:
    """Dump, erase, restore, replay: as it is done with a real site."""
    ada = Member.objects.create_user("ada@example.com", name="Ada Lind")
    grace = Member.objects.create_user("grace@example.com", name="Grace Oduya")
    account = make_account(ada, now, handle="@ada@known.example", person_hash=4711)
    make_outreach(account, now, target_handle="@whom-ada-answered@known.example")
    make_score(ada, now, [account])
    make_reaction(make_account(grace, now), now, responder_hash=4711)
    backup = tmp_path / "backup.sql"
    here = connection.settings_dict["NAME"]
    _run("pg_dump", "--no-owner", "--file", str(backup), database=here)

    leaving.ask(ada, now, REQUEST)
    assert leaving.erase_due(now + leaving.UNDO_FOR) == 1
    assert list(LinkedAccount.objects.values_list("member__name", flat=True)) == ["Grace Oduya"]

    _run("psql", "--quiet", "-v", "ON_ERROR_STOP=1", "--file", str(backup), database=restored)
    assert "accounts_member" in _tables_that_say(restored, "ada lind")
    replay = subprocess.run(
        [sys.executable, "manage.py", "replay_erasures"],
        cwd=django_settings.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": _address_of(restored), "ERASED_LIST": str(list_of_the_erased)},
        capture_output=True,
        text=True,
    )
    assert replay.returncode == 0, replay.stderr
    assert "1 erased again" in replay.stdout
    assert _tables_that_say(restored, "ada") == []
    assert "accounts_member" in _tables_that_say(restored, "grace oduya")
    with closing(psycopg2.connect(_dsn(restored))) as apart, apart.cursor() as cursor:
        cursor.execute("SELECT responder_hash FROM networks_reaction")
        ((stranger,),) = cursor.fetchall()
    assert stranger != 4711


def test_a_start_replays_before_anybody_is_served() -> None:
    """`make run` prepares before its web server starts; containers wait for `migrate`."""
    root = Path(django_settings.BASE_DIR)
    prepare = (root / "klout/management/commands/prepare.py").read_text()
    assert prepare.index('"migrate"') < prepare.index('"replay_erasures"')
    up = (root / "klout/up.py").read_text()
    assert up.index('"manage.py", "prepare"') < up.index('self.gunicorn("web"')
    compose = (root / "docker-compose.yml").read_text()
    assert "manage.py migrate --noinput && python manage.py replay_erasures" in compose


@pytest.mark.django_db
def test_nobody_waits_longer_than_the_page_says(settings: Any) -> None:
    beat = settings.CELERY_BEAT_SCHEDULE["accounts.erase_due"]["schedule"]
    assert timedelta(seconds=beat) * 3 <= leaving.ERASED_WITHIN
