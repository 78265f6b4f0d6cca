import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import send_mail
from django.test import Client

from accounts import mail
from accounts.models import Member
from accounts.services import erase_member
from tests.accounts.conftest import SIGN_UP

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "accounts.mail.KeptMailBackend"
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MAIL_LOG = tmp_path / "logs" / "mail.log"
    return tmp_path


@pytest.fixture
def here() -> Client:
    """A browser on this machine."""
    return Client(headers={"host": "localhost"})


def test_mail_can_be_read_on_this_machine(here: Client, kept: Path) -> None:
    here.post("/account/signup/", SIGN_UP)
    page = here.get("/mail/").content.decode()
    assert "Confirm your address" in page
    assert "ada@example.com" in page


def test_each_mail_is_told_in_one_line(here: Client, kept: Path) -> None:
    here.post("/account/signup/", SIGN_UP)
    assert (kept / "logs" / "mail.log").read_text() == (
        "Mail to ada@example.com: Confirm your address, read it at http://localhost:8000/mail/\n"
    )


def test_only_the_owner_of_the_process_reads_the_files(here: Client, kept: Path) -> None:
    here.post("/account/signup/", SIGN_UP)
    (letter,) = (kept / "mail").iterdir()
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    assert stat.S_IMODE((kept / "mail").stat().st_mode) == 0o700


def test_the_newest_hundred_are_kept(kept: Path) -> None:
    for number in range(103):
        send_mail(f"Number {number}", "text", "us@example.com", ["you@example.com"])
    subjects = [letter.subject for letter in mail.kept_mail()]
    assert len(subjects) == 100
    assert subjects[0] == "Number 102"
    assert subjects[-1] == "Number 3"


def test_no_mail_yet_is_said(here: Client) -> None:
    assert "No mail yet" in here.get("/mail/").content.decode()


def test_what_a_mail_holds_is_escaped(here: Client) -> None:
    send_mail("<b>Hi", "<script>alert(1)</script>", "us@example.com", ["you@example.com"])
    page = here.get("/mail/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Hi" not in page


def test_with_a_mail_server_there_is_no_page(here: Client, mailed: None) -> None:
    assert here.get("/mail/").status_code == 404


@pytest.mark.parametrize(
    "options",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_HOST": "testserver"},
    ],
)
def test_from_elsewhere_there_is_no_page(here: Client, options: dict[str, str]) -> None:
    assert here.get("/mail/", **options).status_code == 404


def test_a_site_with_a_public_address_has_no_page(here: Client, settings: Any) -> None:
    settings.BASE_URL = "https://klout.example"
    assert here.get("/mail/").status_code == 404


def test_mail_to_a_member_who_leaves_is_forgotten(ada: Member, now: datetime, kept: Path) -> None:
    for address in ("ada@example.com", "grace@example.com"):
        send_mail("Hello", "text", "us@example.com", [address])
    erase_member(ada, now)
    assert [letter.to for letter in mail.kept_mail()] == ["grace@example.com"]
