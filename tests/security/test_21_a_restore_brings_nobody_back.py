"""The drill: back up, erase, lose the database, restore, and look into every table.

0 members return, every row of everybody else does, and what is damaged, cut off or does not fit
is refused with the database as it was.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory

from accounts import leaving
from accounts.models import Member
from accounts.sessions import end_everybodys
from klout.backups.tools import find_tools
from tests.factories import make_account, make_outreach, make_reaction, make_score
from tests.free_ports import two_free_ports
from tests.security.databases import ROOT, empty_database, manage, query

REQUEST = RequestFactory().get("/")


def here() -> str:
    return str(connection.settings_dict["NAME"])


@pytest.fixture
def erased_list(settings: Any, tmp_path: Path) -> Path:
    settings.ERASED_LIST = tmp_path / "erased.txt"
    settings.ERASED_LIST.touch()
    return settings.ERASED_LIST


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[str]:
    with empty_database("elsewhere") as name:
        yield name


@pytest.fixture
def backup(transactional_db: None, erased_list: Path, now: datetime, tmp_path: Path) -> Path:
    """Of a site with ada and grace, with all that is known of them."""
    ada = Member.objects.create_user("ada@example.com", name="Ada Lind")
    grace = Member.objects.create_user("grace@example.com", name="Grace Oduya")
    account = make_account(ada, now, handle="@ada@known.example", person_hash=4711)
    make_outreach(account, now, target_handle="@whom-ada-answered@known.example")
    make_score(ada, now, [account])
    theirs = make_account(grace, now)
    make_score(grace, now, [theirs])
    for number in range(50):
        make_reaction(theirs, now, responder_hash=4711 if number == 7 else number)
    browser = Client()
    browser.force_login(grace)
    key = browser.session.session_key
    UserSession.objects.create(
        user=grace, session_key=key, ip="203.0.113.7", user_agent="the browser of grace"
    )
    file = tmp_path / "klout.backup"
    made = manage(here(), "backup", str(file))
    assert made.returncode == 0, made.stderr
    assert b"2 members" in made.stderr
    assert b"SECRET_KEY, RESPONDER_KEY, CREDENTIAL_KEYS, ERASED_LIST" in made.stderr
    return file


def files_of(tmp_path: Path, erased_list: Path) -> dict[str, str]:
    return {"DATA_DIR": str(tmp_path / "there"), "ERASED_LIST": str(erased_list)}


def tables_that_say(database: str, word: str) -> list[str]:
    tables = query(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    says = "SELECT EXISTS (SELECT FROM \"{}\" AS r WHERE r::text ILIKE '%{}%')"
    return [name for (name,) in tables if query(database, says.format(name, word))[0][0]]


def test_who_left_since_stays_gone_and_everybody_else_is_whole(
    backup: Path, erased_list: Path, elsewhere: str, tmp_path: Path, now: datetime
) -> None:
    leaving.ask(Member.objects.get(name="Ada Lind"), now, REQUEST)
    assert leaving.erase_due(now + leaving.UNDO_FOR) == 1
    known = files_of(tmp_path, erased_list)

    restored = manage(elsewhere, "restore", str(backup), **known)

    assert restored.returncode == 0, restored.stderr
    assert b"Erased again: 1" in restored.stdout
    assert tables_that_say(elsewhere, "ada") == []
    assert "accounts_member" in tables_that_say(elsewhere, "grace oduya")
    assert query(elsewhere, "SELECT count(*) FROM networks_reaction") == [(50,)]
    assert query(elsewhere, "SELECT count(*) FROM scoring_score") == [(1,)]
    # In a reaction to grace ada is somebody nobody knows.
    assert query(
        elsewhere, "SELECT count(*) FROM networks_reaction WHERE responder_hash = 4711"
    ) == [(0,)]
    checked = manage(elsewhere, "day_files", "check", **known)
    assert checked.returncode == 0, checked.stdout
    # What was restored can be backed up and restored again.
    again = manage(elsewhere, "backup", "-", **known)
    assert again.returncode == 0, again.stderr
    through_a_pipe = manage(elsewhere, "restore", "-", "--replace", stdin=again.stdout, **known)
    assert through_a_pipe.returncode == 0, through_a_pipe.stderr
    assert query(elsewhere, "SELECT count(*) FROM accounts_member") == [(1,)]


def test_what_does_not_fit_is_refused_and_the_database_stays_as_it_was(
    backup: Path, erased_list: Path, elsewhere: str, tmp_path: Path
) -> None:
    known = files_of(tmp_path, erased_list)
    whole = backup.read_bytes()
    cut_off, damaged, later = (tmp_path / name for name in ("cut-off", "damaged", "later"))
    cut_off.write_bytes(whole[: len(whole) // 2])
    middle = len(whole) // 3
    damaged.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    _with_manifest(backup, later, migrations=["accounts.9999_of_next_year"])
    refusals = {
        "cut off": manage(elsewhere, "restore", str(cut_off), **known),
        "is damaged": manage(elsewhere, "restore", str(damaged), **known),
        "later than this one": manage(elsewhere, "restore", str(later), **known),
        "another RESPONDER_KEY": manage(
            elsewhere, "restore", str(backup), RESPONDER_KEY="of-another-site", **known
        ),
        "no list of the erased": manage(
            elsewhere, "restore", str(backup), **known | {"ERASED_LIST": str(tmp_path / "none")}
        ),
        "Others are connected": manage(here(), "restore", str(backup), "--replace", **known),
    }
    for sentence, refused in refusals.items():
        assert refused.returncode != 0, sentence
        assert sentence in refused.stderr.decode(), (sentence, refused.stderr)
    assert query(elsewhere, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    assert Member.objects.count() == 2
    # A database in which somebody is.
    assert manage(elsewhere, "restore", str(backup), **known).returncode == 0
    query(elsewhere, "UPDATE accounts_member SET name = 'Ada Byron' WHERE name = 'Ada Lind'")
    full = manage(elsewhere, "restore", str(backup), **known)
    assert "There are members in this database" in full.stderr.decode()
    # What a restore that was killed had moved aside is found again.
    query(elsewhere, "ALTER SCHEMA public RENAME TO before_restore")
    query(elsewhere, "CREATE SCHEMA public")
    full = manage(elsewhere, "restore", str(backup), **known)
    assert "There are members in this database" in full.stderr.decode()
    # One whose counts are not what was dumped: what was there comes back.
    wrong = tmp_path / "wrong"
    _with_manifest(backup, wrong, rows={"accounts_member": 3})
    failed = manage(elsewhere, "restore", str(wrong), "--replace", **known)
    assert "accounts_member has 2 rows and not 3" in failed.stderr.decode()
    assert query(elsewhere, "SELECT count(*) FROM accounts_member WHERE name = 'Ada Byron'") == [
        (1,)
    ]


def _with_manifest(backup: Path, changed: Path, **fields: Any) -> None:
    with zipfile.ZipFile(backup) as whole, zipfile.ZipFile(changed, "w") as other:
        other.writestr("database.dump", whole.read("database.dump"))
        said = json.loads(whole.read("manifest.json")) | fields
        other.writestr("manifest.json", json.dumps(said))


def test_make_restore_begins_a_site_anew_and_says_what_it_did(backup: Path, tmp_path: Path) -> None:
    """On a new machine, with servers of its own, as somebody types it."""
    without = ("DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in without}
    environment |= {"DATA_DIR": str(tmp_path / "site"), "ERASED_LIST": str(tmp_path / "lost")}
    environment["PORT"] = str(two_free_ports())

    def make_restore(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "klout.restore", str(backup), *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    refused = make_restore()
    assert refused.returncode == 1
    assert "There is no list of the erased" in refused.stderr
    assert "What begins with -- goes into ARGS" in refused.stdout
    restored = make_restore("--without-erased-list")
    assert restored.returncode == 0, restored.stderr
    assert "2 members, every row that was dumped" in restored.stdout
    assert "Now: make run" in restored.stdout


def test_a_backup_signs_nobody_in(backup: Path) -> None:
    """Whoever finds one reads every row of it, and no key of a session is among them."""
    (session,) = query(here(), "SELECT session_key, user_agent FROM usersessions_usersession")
    assert Session.objects.get().session_key == session[0]
    with zipfile.ZipFile(backup) as whole:
        dump, manifest = whole.read("database.dump"), json.loads(whole.read("manifest.json"))
    in_words = subprocess.run(
        [find_tools().pg_restore, "--file=-"], input=dump, capture_output=True, check=True
    ).stdout.decode()
    assert "grace@example.com" in in_words
    assert "CREATE TABLE public.django_session" in in_words
    assert not [word for word in session if word in in_words]
    assert not {"django_session", "usersessions_usersession"} & manifest["rows"].keys()


def test_sessions_from_backups_that_still_have_them_are_ended(client: Client, ada: Member) -> None:
    client.force_login(ada)
    end_everybodys()
    assert client.get("/dashboard/").status_code == 302
    assert not Session.objects.exists()


def test_no_secret_is_in_a_backup(backup: Path) -> None:
    said = backup.read_bytes()
    for secret in (b"only-for-tests", b"dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk"):
        assert secret not in said
