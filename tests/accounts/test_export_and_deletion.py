from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import leaving
from accounts.models import Member
from accounts.services import erase_member, export_member, register
from tests.accounts.conftest import is_signed_in, prove_it, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_accounts(settings: Any) -> None:
    """What other apps hold is tested with them."""
    settings.PERSONAL_DATA_PROVIDERS = ["accounts.personal_data.provider"]


def test_the_export_holds_my_data_and_nobody_elses(
    at_ada: Client, confirmed_ada: Member, grace: Member, now: datetime
) -> None:
    exported = export_member(confirmed_ada, now)
    account: Any = exported["account"]
    assert account["email"] == "ada@example.com"
    assert account["email_addresses"][0]["verified"] is True
    assert len(account["sessions"]) == 1
    assert "grace" not in str(exported).lower()


def test_the_export_holds_no_secret(at_ada: Client, confirmed_ada: Member, now: datetime) -> None:
    exported = str(export_member(confirmed_ada, now))
    assert confirmed_ada.password not in exported
    assert str(at_ada.session.session_key) not in exported


@pytest.mark.parametrize("path", ["/settings/export/1/", "/settings/delete/"])
def test_sensitive_things_ask_for_the_password_again(at_ada: Client, path: str) -> None:
    answer = at_ada.get(path)
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    answer = at_ada.post(answer.headers["Location"], {"password": "wrong horse"})
    assert "This is not your password." in answer.content.decode()
    assert at_ada.get(path).status_code == 302


@pytest.mark.parametrize("path", ["/settings/", "/settings/export/", "/settings/delete/"])
def test_visitors_are_asked_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"].startswith("/account/login/")


def test_deletion_says_what_goes_and_what_stays(at_ada: Client) -> None:
    prove_it(at_ada)
    page = at_ada.get("/settings/delete/").content.decode()
    assert "What goes" in page
    assert "What stays" in page
    assert Member.objects.exists()


def test_deletion_erases_the_member_and_ends_the_sessions(
    at_ada: Client, confirmed_ada: Member, grace: Member, settings: Any, tmp_path: Path
) -> None:
    other = Client()
    sign_in(other, confirmed_ada.email, "correct horse 1")
    prove_it(at_ada)
    answer = at_ada.post("/settings/delete/", follow=True)
    assert "Your account is being deleted" in answer.content.decode()
    assert not is_signed_in(at_ada)
    assert not is_signed_in(other)
    settings.ERASED_LIST = tmp_path / "erased.txt"
    assert leaving.erase_due(timezone.now() + leaving.UNDO_FOR) == 1
    assert list(Member.objects.all()) == [grace]
    sign_in(at_ada, "ada@example.com", "correct horse 1")
    assert not is_signed_in(at_ada)


def test_if_one_app_fails_the_account_is_still_there_to_try_again(
    ada: Member, now: datetime, settings: Any
) -> None:
    settings.PERSONAL_DATA_PROVIDERS = [
        "accounts.personal_data.provider",
        "tests.accounts.test_export_and_deletion.broken",
    ]
    with pytest.raises(ConnectionError):
        erase_member(ada, now)
    assert Member.objects.filter(pk=ada.pk).exists()


class Broken:
    name = "broken"

    def export(self, member: Member) -> dict[str, object]:
        return {}

    def erase(self, member: Member, now: datetime) -> None:
        raise ConnectionError


broken = Broken()


def test_a_registered_member_signs_in_at_once(client: Client, now: datetime, mailed: None) -> None:
    register(email="ada@example.com", name="Ada", password="correct horse 1", now=now)
    sign_in(client, "ada@example.com", "correct horse 1")
    assert is_signed_in(client)
