"""An export that is brought to another site: history, and nothing that counts."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.export_models import Import
from accounts.imports import archive, services
from accounts.imports.fields import NotAnExport
from accounts.models import Member
from accounts.services import erase_member, export_member
from gifting import services as gifting
from gifting.brought_models import BroughtMove
from gifting.member_models import KeptInMind
from gifting.models import K, Move
from gifting.selectors import purse
from gifting.services.keeping import Remembered, keep_handle
from scoring.brought_models import BroughtScore
from scoring.models import Score
from tests.at_once import at_once
from tests.exports.conftest import opened
from tests.factories import make_account, make_post, make_score

pytestmark = pytest.mark.django_db

THERE = "https://other.example"


@pytest.fixture
def brought_zip(
    ada: Member, grace: Member, now: datetime, export_of: Callable[[Member], bytes], settings: Any
) -> bytes:
    """What ada took along from another site, where nothing of hers is left afterwards."""
    ada.language, ada.theme = "de", "dark"
    ada.save()
    account = make_account(ada, now)
    make_account(grace, now)
    make_post(account, now)
    for day in range(30):
        make_score(ada, now, [account], on=now.date() - timedelta(days=day), hundredths=3000 + day)
    gifting.accept_from(grace, "all")
    gifting.give_k(ada, grace, now, key=uuid4(), note=gifting.Note(text="=for the essay"))
    keep_handle(ada, Remembered("mastodon", "@dora@known.example", "Dora", "her letters"), now)
    here = settings.BASE_URL
    settings.BASE_URL = THERE
    content = export_of(ada)
    settings.BASE_URL = here
    return content


@pytest.fixture
def mo(db: None) -> Member:
    """Ada's account here."""
    return Member.objects.create_user("mo@example.com", "correct horse 7", name="Ada here")


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("klout.zip", content, "application/zip")


def counted() -> tuple[int, ...]:
    return (Score.objects.count(), Move.objects.count(), K.objects.count())


def test_it_is_taken_over_as_history_and_counts_for_nothing(
    brought_zip: bytes, mo: Member, now: datetime
) -> None:
    before, had = counted(), purse(mo, now)
    brought = services.bring(mo, upload(brought_zip), now)
    looked = services.look(brought)
    sentences = [str(one) for found in looked.found for one in found.taken]
    assert "30 scores, marked “from other.example, not computed here”" in sentences
    assert not BroughtScore.objects.exists()
    assert not BroughtMove.objects.exists()
    services.take_over(mo, brought.pk, now)
    assert BroughtScore.objects.filter(member=mo, site="other.example").count() == 30
    assert BroughtScore.objects.order_by("on").last().hundredths == 3000
    move = BroughtMove.objects.get(member=mo)
    assert (move.direction, move.other, move.words) == ("given", "Grace Oduya", "=for the essay")
    kept = KeptInMind.objects.get(keeper__member=mo)
    assert (kept.handle, kept.reason) == ("@dora@known.example", "her letters")
    mo.refresh_from_db()
    assert (mo.language, mo.theme, mo.name) == ("de", "dark", "Ada here")
    assert not mo.linked_accounts.exists()
    assert counted() == before
    assert purse(mo, now) == had


def test_brought_twice_it_changes_nothing(
    brought_zip: bytes, mo: Member, now: datetime, export_dir: Any
) -> None:
    first = services.bring(mo, upload(brought_zip), now)
    services.take_over(mo, first.pk, now)
    mo.theme = "light"
    mo.save()
    again = services.bring(mo, upload(brought_zip), now + timedelta(hours=1))
    assert again == first
    services.take_over(mo, again.pk, now + timedelta(hours=1))
    mo.refresh_from_db()
    assert mo.theme == "light"
    assert BroughtScore.objects.count() == 30
    assert BroughtMove.objects.count() == 1
    assert KeptInMind.objects.filter(keeper__member=mo).count() == 1
    assert not list(export_dir.glob("import-*"))


def test_a_later_export_of_the_same_site_adds_what_is_new(
    brought_zip: bytes, ada: Member, mo: Member, now: datetime, export_of: Any, settings: Any
) -> None:
    first = services.bring(mo, upload(brought_zip), now)
    services.take_over(mo, first.pk, now)
    make_score(ada, now, on=now.date() + timedelta(days=1))
    here = settings.BASE_URL
    settings.BASE_URL = THERE
    later = export_of(ada, now + timedelta(days=1))
    settings.BASE_URL = here
    second = services.bring(mo, upload(later), now + timedelta(days=1))
    taken = services.take_over(mo, second.pk, now + timedelta(days=1))
    assert taken
    assert taken.taken["scores"] == 1
    assert BroughtScore.objects.count() == 31


@pytest.mark.django_db(transaction=True)
def test_taken_over_by_two_at_once_it_is_taken_over_once(
    brought_zip: bytes, mo: Member, now: datetime
) -> None:
    brought = services.bring(mo, upload(brought_zip), now)
    at_once(*[lambda: services.take_over(mo, brought.pk, now)] * 4)
    assert BroughtScore.objects.count() == 30
    assert mo.audit_entries.filter(event="imported").count() == 1


def altered(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same ZIP with other files in it."""
    zipped = opened(content)
    files = {name: zipped.read(name) for name in zipped.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, one in files.items():
            written.writestr(name, one)
    return out.getvalue()


def rehashed(files: dict[str, bytes], name: str, content: bytes) -> None:
    """Another content, with a manifest that fits: what somebody would do on purpose."""
    import hashlib

    files[name] = content
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = {"bytes": 0, "sha256": hashlib.sha256(content).hexdigest()}
    files["manifest.json"] = json.dumps(manifest).encode()


SCORES = "csv/scores.scores.csv"
BAD: dict[str, Callable[[dict[str, bytes]], None]] = {
    "damaged": lambda files: files.update({SCORES: files[SCORES].replace(b"30.0", b"99.0")}),
    "no manifest": lambda files: files.pop("manifest.json") and None,
    "another format": lambda files: files.update({"manifest.json": b'{"format": "tar"}'}),
    "manifest no JSON": lambda files: files.update({"manifest.json": b"[" * 10_000}),
    "a path out": lambda files: files.update({"../../etc/passwd": b"x"}),
    "an absolute path": lambda files: files.update({"/etc/passwd": b"x"}),
    "no account": lambda files: files.pop("account.json") and None,
    "a score out of range": lambda files: rehashed(
        files, SCORES, files[SCORES].replace(b",30.29,", b",999.29,")
    ),
    "a day that is none": lambda files: rehashed(
        files, SCORES, files[SCORES].replace(b"2026-11-02", b"2026-99-02")
    ),
    "not UTF-8": lambda files: rehashed(files, SCORES, files[SCORES] + b"\xff\xfe"),
    "too many rows": lambda files: rehashed(
        files, SCORES, files[SCORES] + files[SCORES].splitlines()[1].join([b"\r\n"] * 20_002)
    ),
    "too many files": lambda files: files.update({f"x{n}": b"" for n in range(300)}),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_export_is_refused_and_leaves_nothing(
    kind: str, brought_zip: bytes, mo: Member, now: datetime, export_dir: Any
) -> None:
    with pytest.raises(NotAnExport) as refused:
        services.bring(mo, upload(altered(brought_zip, BAD[kind])), now)
    assert str(refused.value)
    assert not Import.objects.exists()
    assert not list(export_dir.glob("import-*"))


def test_a_bomb_is_stopped_while_it_inflates(
    brought_zip: bytes, mo: Member, now: datetime, monkeypatch: Any
) -> None:
    """Also where the ZIP lies about its sizes: what counts is what comes out."""
    monkeypatch.setattr(archive, "FILE_MAX", 100_000)
    bomb = altered(brought_zip, lambda files: rehashed(files, SCORES, b"0" * 10_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(NotAnExport, match="too large"):
        services.bring(mo, upload(bomb), now)
    lying = bomb.replace((10_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(NotAnExport):
        services.bring(mo, upload(lying), now)


def test_what_is_no_zip_is_refused(mo: Member, now: datetime) -> None:
    for content in (b"", b"PK\x03\x04", b"{}", b"\x00" * 5000):
        with pytest.raises(NotAnExport):
            services.bring(mo, upload(content), now)


def test_an_export_of_this_very_site_is_refused(ada: Member, now: datetime, export_of: Any) -> None:
    with pytest.raises(NotAnExport, match="made here"):
        services.bring(ada, upload(export_of(ada)), now)


def test_a_lie_about_scores_moves_no_score_here(
    brought_zip: bytes, mo: Member, now: datetime
) -> None:
    lie = altered(
        brought_zip,
        lambda files: rehashed(
            files, SCORES, files[SCORES].replace(b",30.00,29.0,33.0", b",90.00,89.0,93.0")
        ),
    )
    before = counted()
    brought = services.bring(mo, upload(lie), now)
    services.take_over(mo, brought.pk, now)
    assert BroughtScore.objects.filter(hundredths=9000).count() == 1
    assert counted() == before


def test_it_goes_with_the_member_and_along_in_their_next_export(
    brought_zip: bytes, mo: Member, now: datetime
) -> None:
    brought = services.bring(mo, upload(brought_zip), now)
    services.take_over(mo, brought.pk, now)
    exported: Any = export_member(mo, now)
    assert len(exported["scores"]["brought"]) == 30
    assert exported["gifting"]["brought"][0]["words"] == "=for the essay"
    assert exported["exports"]["imports"][0]["site"] == "other.example"
    erase_member(mo, now)
    assert not BroughtScore.objects.exists()
    assert not BroughtMove.objects.exists()


def test_a_file_that_waits_goes_after_a_day(
    brought_zip: bytes, mo: Member, now: datetime, export_dir: Any
) -> None:
    services.bring(mo, upload(brought_zip), now)
    services.forget_old(now + timedelta(hours=23))
    assert Import.objects.exists()
    services.forget_old(now + timedelta(hours=25))
    assert not Import.objects.exists()
    assert not list(export_dir.glob("import-*"))


def test_from_the_upload_to_the_history_page(
    client: Client, brought_zip: bytes, mo: Member, mallory: Member
) -> None:
    client.force_login(mo)
    answer = client.post("/settings/import/", {"file": upload(brought_zip)})
    place = answer.headers["Location"]
    page = client.get(place).content.decode()
    assert "30 scores" in page
    assert "Link them here" in page
    stranger = Client()
    stranger.force_login(mallory)
    assert stranger.get(place).status_code == 404
    assert stranger.post(place, {"take": ""}).status_code == 404
    client.post(place, {"take": ""})
    Member.objects.filter(pk=mo.pk).update(language="")
    history = client.get("/score/history/").content.decode()
    assert "from other.example, not computed here" in history
    words = client.get("/k/brought/").content.decode()
    assert "=for the essay" in words
    assert "not to pass on" in words


@pytest.mark.parametrize(("choice", "sees"), [("daily", "30.2"), ("band", ""), ("hidden", "")])
def test_numbers_from_elsewhere_are_shown_as_the_member_wants_to_see_numbers(
    client: Client, mo: Member, now: datetime, choice: str, sees: str
) -> None:
    Member.objects.filter(pk=mo.pk).update(score_shown=choice)
    BroughtScore.objects.create(
        member=mo,
        site="other.example",
        on=now.date(),
        rule="2026.1",
        hundredths=3025,
        low_hundredths=2800,
        high_hundredths=3300,
    )
    client.force_login(mo)
    page = client.get("/score/history/").content.decode()
    assert "from other.example, not computed here" in page
    assert ("30.2" in page) == bool(sees)
    assert ("28 to 33" in page) == (choice != "hidden")


def test_a_wrong_file_says_what_is_wrong_and_that_nothing_happened(
    client: Client, mo: Member
) -> None:
    client.force_login(mo)
    page = client.post("/settings/import/", {"file": upload(b"no zip")}).content.decode()
    assert "Nothing was taken over." in page
    assert "not a ZIP file" in page
    assert "No file arrived" in client.post("/settings/import/").content.decode()


def test_an_upload_that_is_too_large_is_dropped_while_it_comes(
    client: Client, mo: Member, monkeypatch: Any
) -> None:
    monkeypatch.setattr("accounts.imports.uploads.UPLOAD_MAX", 1000)
    client.force_login(mo)
    page = client.post("/settings/import/", {"file": upload(b"x" * 200_000)}).content.decode()
    assert "No file arrived. Choose one, of at most 50 MB." in page
