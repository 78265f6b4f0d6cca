"""An export: asked for once, made part by part, handed out whole, removed in time."""

import csv
import hashlib
import io
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.export_models import Export
from accounts.exports import making, services
from accounts.exports.archive import MANIFEST
from accounts.models import Member
from accounts.services import erase_member
from tests.at_once import at_once
from tests.exports.conftest import opened, read_json
from tests.factories import make_account, make_outreach, make_post, make_reaction, make_score

pytestmark = pytest.mark.django_db


def _life(member: Member, now: datetime, size: int = 3) -> None:
    account = make_account(member, now)
    for day in range(size):
        make_post(account, now - timedelta(days=day), excerpt='=HYPERLINK("x")', tags=["sea"])
        make_outreach(account, now - timedelta(days=day))
        make_reaction(account, now - timedelta(days=day))
        make_score(member, now, [account], on=now.date() - timedelta(days=day))


def test_it_holds_each_part_as_json_and_its_lists_as_csv(ada, grace, now, export_of):
    _life(ada, now)
    _life(grace, now)
    content = export_of(ada)
    names = set(opened(content).namelist())
    assert names >= {
        "manifest.json",
        "README.txt",
        "account.json",
        "networks.json",
        "scores.json",
        "gifting.json",
        "csv/account.csv",
        "csv/networks.linked_accounts.csv",
        "csv/networks.linked_accounts.posts.csv",
        "csv/scores.scores.csv",
        "csv/scores.scores.contributions.csv",
    }
    assert read_json(content, "account.json")["email"] == "ada@example.com"
    (account,) = read_json(content, "networks.json")["linked_accounts"]
    assert len(account["posts"]) == 3
    assert account["reactions_received"] == {"reply": 3}
    assert len(read_json(content, "scores.json")["scores"]) == 3
    everything = b"".join(opened(content).read(name) for name in names)
    assert b"grace" not in everything.lower()


def test_rows_of_a_csv_inside_another_name_the_row_they_belong_to(ada, now, export_of):
    _life(ada, now)
    text = opened(export_of(ada)).read("csv/scores.scores.contributions.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["scores_row"] for row in rows] == ["1", "2", "3"]


def test_no_cell_is_a_formula_for_a_spreadsheet(ada, now, export_of):
    ada.name = "=cmd|' /C calc'!A0"
    ada.save()
    _life(ada, now)
    archive = opened(export_of(ada))
    cells = 0
    for name in archive.namelist():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(archive.read(name).decode())):
                cells += len(row)
                assert not any(re.match(r"[=+\-@\t\r]", cell) for cell in row), row
    assert cells > 50
    assert json.loads(archive.read("account.json"))["name"] == ada.name


def test_the_manifest_tells_the_hash_and_size_of_every_file(ada, now, export_of):
    _life(ada, now)
    archive = opened(export_of(ada))
    listed = json.loads(archive.read(MANIFEST))["files"]
    assert set(listed) == set(archive.namelist()) - {MANIFEST, "README.txt"}
    for name, told in listed.items():
        content = archive.read(name)
        assert told == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_queries_do_not_grow_with_what_is_in_it(ada, grace, now, export_of):
    _life(ada, now, 5)
    _life(grace, now, 10)
    counts = []
    for member in (ada, grace):
        with CaptureQueriesContext(connection) as queries:
            export_of(member)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_asked_for_twice_it_is_one(ada, now):
    assert services.ask(ada, now) == services.ask(ada, now + timedelta(minutes=1))
    assert Export.objects.count() == 1


def test_another_is_made_after_a_while_and_the_earlier_file_goes(ada, now, export_of, export_dir):
    first = export_of(ada)
    assert export_of(ada, now + timedelta(minutes=5)) == first
    export_of(ada, now + timedelta(minutes=11))
    assert len(list(export_dir.glob("*.zip"))) == 1
    assert Export.objects.count() == 1


def test_it_is_removed_from_the_disk_when_it_expires(ada, now, export_of, export_dir):
    export_of(ada)
    export = Export.objects.get()
    assert services.file_of(ada, export.pk, now)
    assert services.file_of(ada, export.pk, now + making.KEPT_FOR) is None
    assert making.remove_expired(now + making.KEPT_FOR) == 1
    assert list(export_dir.glob("*.zip")) == []
    assert services.state(ada, now + making.KEPT_FOR) is None


def test_what_a_crash_left_in_the_folder_goes(ada, now, export_of, export_dir):
    export_of(ada)
    (export_dir / "work-99").mkdir()
    (export_dir / "lost.zip").write_bytes(b"")
    # The clock of the folder is the real one.
    making.remove_expired(datetime.now(now.tzinfo) + timedelta(days=400))
    assert list(export_dir.iterdir()) == []


def test_the_file_goes_with_its_member(ada, now, export_of, export_dir):
    export_of(ada)
    erase_member(ada, now)
    assert list(export_dir.iterdir()) == []


class Killed(BaseException):
    """What a worker that is killed never gets to handle."""


def test_a_worker_that_dies_in_the_middle_serves_no_half_and_is_taken_up_again(
    ada: Member, now: datetime, export_dir: Path, monkeypatch: Any
) -> None:
    _life(ada, now)
    export = services.ask(ada, now)

    def die(*_: object, **__: object) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(making, "write_archive", die)
        # A killed process cleans nothing up.
        patched.setattr(making, "_forget_work", lambda folder: None)
        with pytest.raises(Killed):
            making.make_due(now)
    export.refresh_from_db()
    assert export.parts_done[:2] == ["account", "networks"]
    assert services.file_of(ada, export.pk, now) is None
    assert list(export_dir.glob("*.zip")) == []
    assert making.make_due(now + timedelta(minutes=2)) == 1
    export.refresh_from_db()
    assert (export.ready_at, export.attempts) == (now + timedelta(minutes=2), 2)
    assert [path.name for path in export_dir.iterdir()] == [export.file_name]


def test_one_that_fails_three_times_says_so_and_can_be_asked_for_again(
    ada: Member, now: datetime, monkeypatch: Any
) -> None:
    export = services.ask(ada, now)

    def fail(*_: object, **__: object) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(making, "write_archive", fail)
    for minute in range(5):
        making.make_due(now + timedelta(minutes=2 * minute))
    export.refresh_from_db()
    assert export.attempts == making.TRIES
    assert export.failed_at
    assert services.ask(ada, now + timedelta(hours=1)) != export


def test_who_lost_the_lock_hands_nothing_out(ada, now, export_dir, monkeypatch):
    """A worker that hung until another one had taken its place."""
    export = services.ask(ada, now)
    real = making.write_archive

    def slow(*args: Any, **kwargs: Any) -> int:
        Export.objects.update(attempts=5)
        return real(*args, **kwargs)

    monkeypatch.setattr(making, "write_archive", slow)
    assert making.make_due(now) == 0
    export.refresh_from_db()
    assert export.ready_at is None
    assert list(export_dir.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_two_requests_at_once_it_is_one_and_made_once(ada, now, export_dir):
    exports = at_once(*[lambda: services.ask(ada, now).pk] * 6)
    assert len(set(exports)) == 1
    assert sorted(at_once(*[lambda: making.make_due(now)] * 4)) in ([0, 0, 0, 1],)
    assert Export.objects.get().attempts == 1
    assert len(list(export_dir.glob("*.zip"))) == 1


def test_a_mail_tells_once_that_it_is_ready(ada, now, export_of, settings, mailoutbox):
    export_of(ada)
    assert services.mail_ready(now) == 0
    settings.MAIL_IS_CONFIGURED = True
    assert services.mail_ready(now) == 1
    assert services.mail_ready(now) == 0
    (mail,) = mailoutbox
    assert mail.to == [ada.email]
    assert "http://localhost:8000/settings/export/" in mail.body
