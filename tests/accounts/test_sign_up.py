from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Member
from tests.accounts.conftest import SIGN_UP, code_in, is_signed_in, sign_in

pytestmark = pytest.mark.django_db


def test_without_a_mail_server_nothing_blocks_a_new_member(
    client: Client, mailoutbox: list[Any]
) -> None:
    answer = client.post("/account/signup/", SIGN_UP)
    assert answer.headers["Location"] == "/dashboard/"
    member = Member.objects.get()
    assert (member.name, member.email) == ("Ada Lind", "ada@example.com")
    assert member.age_stated_at is not None
    assert not EmailAddress.objects.get().verified
    assert mailoutbox[0].subject == "Confirm your address"


def test_without_a_mail_server_the_address_can_be_confirmed_later(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/account/signup/", SIGN_UP)
    client.post("/account/confirm-email/", {"code": code_in(mailoutbox[0]), "action": "verify"})
    assert EmailAddress.objects.get().verified
    assert is_signed_in(client)


def test_without_a_mail_server_a_new_member_may_leave_and_come_back_at_once(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/account/signup/", SIGN_UP)
    client.post("/account/logout/")
    sign_in(client, SIGN_UP["email"], SIGN_UP["password1"])
    assert is_signed_in(client)


def test_with_a_mail_server_the_address_is_confirmed_first(
    client: Client, mailed: None, mailoutbox: list[Any]
) -> None:
    answer = client.post("/account/signup/", SIGN_UP)
    assert answer.headers["Location"] == "/account/confirm-email/"
    assert not is_signed_in(client)
    page = client.get("/account/confirm-email/").content.decode()
    assert "ada@example.com" in page
    client.post("/account/confirm-email/", {"code": code_in(mailoutbox[0]), "action": "verify"})
    assert is_signed_in(client)
    assert EmailAddress.objects.get().verified


def test_a_wrong_code_confirms_nothing(client: Client, mailed: None) -> None:
    client.post("/account/signup/", SIGN_UP)
    answer = client.post("/account/confirm-email/", {"code": "WRONG1", "action": "verify"})
    assert "This code is not right" in answer.content.decode()
    assert not EmailAddress.objects.get().verified
    assert not is_signed_in(client)


def test_an_address_that_is_taken_looks_like_one_that_is_not(
    mailed: None, mailoutbox: list[Any], confirmed_ada: Member
) -> None:
    taken, fresh = Client(), Client()
    answers = [
        taken.post("/account/signup/", SIGN_UP),
        fresh.post("/account/signup/", SIGN_UP | {"email": "new@example.com"}),
    ]
    assert {a.status_code for a in answers} == {302}
    assert {a.headers["Location"] for a in answers} == {"/account/confirm-email/"}
    pages = [
        taken.get("/account/confirm-email/").content.decode(),
        fresh.get("/account/confirm-email/").content.decode(),
    ]
    assert _without_differences(pages[0]) == _without_differences(pages[1])
    assert [m.subject for m in mailoutbox] == [
        "You already have an account",
        "Confirm your address",
    ]
    assert Member.objects.filter(email="ada@example.com").count() == 1


def _without_differences(page: str) -> str:
    lines = page.replace("new@example.com", "ada@example.com").splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_old_enough": ""}, "Klout is for people of 16 and older."),
        ({"password1": "short"}, "at least 10 characters"),
        ({"password1": "ada@example.com"}, "too similar"),
        ({"email": "nobody"}, "valid email address"),
        ({"email": "a" * 250 + "@example.com"}, ""),
        ({"email": "a@" + "b" * 60 + ".example" * 25}, ""),
        ({"name": "  "}, "This field is required."),
        ({"name": "A" * 81}, "at most 80 characters"),
        ({"name": "Ada\0"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_with_a_sign_up_is_said(
    client: Client, change: dict[str, str], message: str
) -> None:
    answer = client.post("/account/signup/", SIGN_UP | change)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert message in answer.content.decode()
    assert not Member.objects.exists()


def test_a_mail_server_that_is_away_gets_a_sentence_and_no_error_page(
    client: Client, mailed: None, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post("/account/signup/", SIGN_UP, follow=True)
    assert answer.status_code == 200
    assert "We could not send the mail just now" in answer.content.decode()
