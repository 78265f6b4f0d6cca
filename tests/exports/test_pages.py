"""The page: it says how far it is by itself, and hands the file to its owner alone."""

from datetime import datetime

import pytest
from django.test import Client

from accounts.export_models import Export
from accounts.exports import making
from accounts.models import Member
from tests.accounts.conftest import prove_it, sign_in
from tests.exports.conftest import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_ada(client: Client, ada: Member) -> Client:
    sign_in(client, ada.email, "correct horse 1")
    return client


def test_from_asking_to_the_file(at_ada: Client, now: datetime) -> None:
    page = at_ada.get("/settings/export/").content.decode()
    assert "Make it" in page
    at_ada.post("/settings/export/")
    waiting = at_ada.get("/settings/export/")
    assert waiting.headers["Refresh"] == "3"
    assert "Being made" in waiting.content.decode()
    assert "0 of" in waiting.content.decode()
    making.make_due(Export.objects.get().asked_at)
    ready = at_ada.get("/settings/export/")
    assert "Refresh" not in ready.headers
    assert "Ready" in ready.content.decode()
    prove_it(at_ada)
    file = at_ada.get(f"/settings/export/{Export.objects.get().pk}/")
    assert file.headers["Content-Type"] == "application/zip"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="klout-')
    assert "no-store" in file.headers["Cache-Control"]
    assert "account.json" in opened(b"".join(file.streaming_content)).namelist()


def test_the_file_asks_once_more_whether_it_is_me(at_ada: Client, ada: Member, export_of) -> None:
    export_of(ada)
    answer = at_ada.get(f"/settings/export/{Export.objects.get().pk}/")
    assert answer.headers["Location"].startswith("/account/reauthenticate/")


def test_after_asking_once_more_the_download_begins_on_its_page(
    at_ada: Client,
) -> None:
    at_ada.post("/settings/export/")
    making.make_due(Export.objects.get().asked_at)
    assert 'href="?download"' in at_ada.get("/settings/export/").content.decode()
    asked = at_ada.get("/settings/export/?download").headers["Location"]
    assert asked.startswith("/account/reauthenticate/")
    to = at_ada.post(asked, {"password": "correct horse 1", "next": "/settings/export/?download"})
    page = at_ada.get(to.headers["Location"])
    file = f"/settings/export/{Export.objects.get().pk}/"
    assert page.headers["Refresh"] == f"0; url={file}"
    assert f'href="{file}"' in page.content.decode()


def test_a_strangers_export_is_not_found(
    client: Client, ada: Member, mallory: Member, export_of
) -> None:
    export_of(ada)
    sign_in(client, mallory.email, "correct horse 3")
    prove_it(client, "correct horse 3")
    assert client.get(f"/settings/export/{Export.objects.get().pk}/").status_code == 404
    assert "Make it" in client.get("/settings/export/").content.decode()


def test_one_that_failed_says_so(at_ada: Client, ada: Member, now: datetime) -> None:
    Export.objects.create(member=ada, asked_at=now, next_try_at=now, failed_at=now)
    page = at_ada.get("/settings/export/").content.decode()
    assert "It could not be made" in page
    assert "Make it anew" in page
