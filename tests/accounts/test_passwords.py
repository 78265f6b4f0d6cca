from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Member
from accounts.passwords import NotOurWords
from accounts.services import register
from tests.accounts.conftest import PASSWORD, is_signed_in, link_in, sign_in

pytestmark = pytest.mark.django_db

NEW = "a quite different sentence"


def test_a_mailed_link_resets_the_password_once(
    client: Client, confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    client.post("/account/password/reset/", {"email": confirmed_ada.email})
    link = link_in(mailoutbox[0])
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW})
    sign_in(client, confirmed_ada.email, NEW)
    assert is_signed_in(client)
    assert mailoutbox[1].subject == "Your password was reset"
    assert "This link does not work" in Client().get(link, follow=True).content.decode()


def test_a_reset_ends_every_session(
    at_ada: Client, confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    elsewhere = Client()
    elsewhere.post("/account/password/reset/", {"email": confirmed_ada.email})
    form = elsewhere.get(link_in(mailoutbox[0]), follow=True)
    elsewhere.post(form.request["PATH_INFO"], {"password1": NEW})
    assert not is_signed_in(at_ada)


def test_a_reset_for_an_unknown_address_looks_like_one_for_a_known(
    confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    pages = []
    for email in (confirmed_ada.email, "unknown@example.com"):
        answer = Client().post("/account/password/reset/", {"email": email}, follow=True)
        pages.append(answer.content)
    assert pages[0] == pages[1]
    assert [m.subject for m in mailoutbox] == ["Reset your password", "You have no account here"]


def test_a_new_password_signs_out_the_other_browsers(
    at_ada: Client, confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    other = Client()
    sign_in(other, confirmed_ada.email, PASSWORD)
    answer = at_ada.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    assert answer.headers["Location"] == "/settings/"
    assert is_signed_in(at_ada)
    assert not is_signed_in(other)
    assert mailoutbox[0].subject == "Your password was changed"


def test_the_present_password_is_asked_for(at_ada: Client) -> None:
    answer = at_ada.post("/account/password/change/", {"oldpassword": "wrong", "password1": NEW})
    assert "Type your present password." in answer.content.decode()


def test_a_member_without_a_password_sets_one(client: Client) -> None:
    member = Member.objects.create_user("key@example.com", name="Key")
    client.force_login(member)
    assert client.get("/account/password/change/").headers["Location"].endswith("/set/")
    client.post("/account/password/set/", {"password1": NEW})
    member.refresh_from_db()
    assert member.check_password(NEW)


def test_a_mailed_link_leads_here_whatever_host_was_asked(
    confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    asking = Client(headers={"host": "127.0.0.1"})
    asking.post("/account/password/reset/", {"email": confirmed_ada.email})
    assert "http://localhost:8000/account/password/reset/key/" in mailoutbox[0].body
    assert "127.0.0.1" not in mailoutbox[0].body


def test_who_lost_the_passkey_that_was_their_only_way_in_comes_back_by_mail(
    client: Client, mailed: None, mailoutbox: list[Any], now: datetime
) -> None:
    member = register(email="key@example.com", name="Key", password="lost", now=now)
    Authenticator.objects.create(user=member, type="webauthn", data={"name": "lost"})
    client.post("/account/password/reset/", {"email": member.email})
    form = client.get(link_in(mailoutbox[0]), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW})
    sign_in(client, member.email, NEW)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "password", ["Klout-2026!!", "kl0utkl0ut", "P@ssword1234", "score.influence"]
)
def test_a_password_of_our_own_words_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="everybody would try first"):
        NotOurWords().validate(password)


@pytest.mark.parametrize(
    "password", ["a scored horse staple", "\u00e4\u00f6\u00fc\u00df" * 8, "x" * 64]
)
def test_any_other_password_will_do(password: str) -> None:
    NotOurWords().validate(password)
