import logging
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db


def test_the_right_password_signs_in(client: Client, confirmed_ada: Member) -> None:
    answer = sign_in(client, "Ada@Example.com", PASSWORD)
    assert answer.headers["Location"] == "/dashboard/"
    assert is_signed_in(client)


def test_a_member_comes_back_to_where_they_were_going(
    client: Client, confirmed_ada: Member
) -> None:
    wanted = client.get("/settings/").headers["Location"]
    assert wanted == "/account/login/?next=/settings/"
    answer = client.post(wanted, {"login": confirmed_ada.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/settings/"


def test_nobody_is_sent_to_another_site(client: Client, confirmed_ada: Member) -> None:
    wanted = "/account/login/?next=https://evil.example/"
    answer = client.post(wanted, {"login": confirmed_ada.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/dashboard/"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(
    client: Client, confirmed_ada: Member
) -> None:
    told = "This address and this password do not belong together."
    for email in (confirmed_ada.email, "unknown@example.com"):
        answer = sign_in(client, email, "wrong horse")
        assert told in answer.content.decode()
        assert not is_signed_in(client)


def test_guessing_is_stopped_after_five_tries(confirmed_ada: Member) -> None:
    for _ in range(5):
        sign_in(Client(), confirmed_ada.email, "wrong horse")
    answer = sign_in(Client(), confirmed_ada.email, PASSWORD)
    assert "Too many tries for now" in answer.content.decode()


def test_signing_out_takes_a_post(at_ada: Client) -> None:
    assert at_ada.get("/account/logout/").status_code == 200
    assert is_signed_in(at_ada)
    at_ada.post("/account/logout/")
    assert not is_signed_in(at_ada)


def test_signing_in_works_while_redis_is_away(
    client: Client, confirmed_ada: Member, settings: Any, caplog: Any
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "accounts.cache.RedisOrMemoryCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.5},
        }
    }
    with caplog.at_level(logging.WARNING):
        sign_in(client, confirmed_ada.email, PASSWORD)
    assert is_signed_in(client)
    assert "Redis does not answer" in caplog.text


def test_guessing_is_stopped_while_redis_is_away(confirmed_ada: Member, settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "accounts.cache.RedisOrMemoryCache",
            "LOCATION": "redis://127.0.0.1:1/1",
        }
    }
    for _ in range(5):
        sign_in(Client(), confirmed_ada.email, "wrong horse")
    answer = sign_in(Client(), confirmed_ada.email, PASSWORD)
    assert "Too many tries for now" in answer.content.decode()


def test_a_closed_account_does_not_open(client: Client, confirmed_ada: Member) -> None:
    confirmed_ada.is_active = False
    confirmed_ada.save()
    sign_in(client, confirmed_ada.email, PASSWORD)
    assert not is_signed_in(client)
