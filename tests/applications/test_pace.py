"""How often tokens may be asked for: exact, told in advance, and nobody else's to use up."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.test import RequestFactory

from accounts import limits
from accounts.applications import pace, server
from accounts.applications.models import Grant
from tests.applications.conftest import CALLBACK, VERIFIER, App
from tests.at_once import at_once

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def counted_by_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests ask from the same addresses, for applications of the same numbers."""
    apart = uuid4().hex
    count = limits.count
    monkeypatch.setattr(
        limits,
        "count",
        lambda windows: count(
            [limits.Window(one.limit, one.key + apart, one.ends_in) for one in windows]
        ),
    )


def ask(app: App, now: Any, code: str = "guessed", *, of: str = HERE, **changed: str) -> Any:
    said = {
        "grant_type": "authorization_code",
        "client_id": app.application.client_id,
        "client_secret": app.secret,
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": CALLBACK,
    } | changed
    both = {name: value for name, value in said.items() if value}
    request = RequestFactory().post("/oauth/token/", both, REMOTE_ADDR=of)
    return server.token_response(request, now)


def test_an_address_that_asks_too_often_is_told_when_to_ask_again(
    app: App, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    monkeypatch.setattr(pace, "PER_ADDRESS", 2)
    now = now.replace(second=15)
    code = app.back()["code"]
    assert [ask(app, now, client_id="nobody").status_code for _ in range(3)] == [400, 400, 429]
    over = ask(app, now, code)
    assert over.status_code == 429
    said = server.json.loads(over.content)
    assert said["error"] == "temporarily_unavailable"
    assert "45 s" in said["error_description"]
    assert over["Retry-After"] == "45"
    assert over["RateLimit-Policy"] == '"address";q=2;w=60'
    assert over["RateLimit"] == '"address";r=0;t=45'
    assert over["Cache-Control"] == "no-store"
    assert "Retry-After" in over["Access-Control-Expose-Headers"]
    assert ask(app, now, code, of=THERE).status_code == 200, "the code was not used up"


def test_each_answer_says_what_is_left(app: App, now: Any) -> None:
    answer = ask(app, now.replace(second=0), app.back()["code"])
    assert answer.status_code == 200
    assert answer["RateLimit-Policy"] == '"address";q=300;w=60, "application";q=600;w=60'
    assert answer["RateLimit"] == '"address";r=299;t=60, "application";r=599;t=60'


def test_an_application_asks_so_often_from_all_its_addresses(
    app: App, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    monkeypatch.setattr(pace, "PER_APPLICATION", 2)
    now = now.replace(second=0)
    ask(app, now, of="2001:db8::1")
    tokens = server.json.loads(ask(app, now, app.back()["code"], of="2001:db8:1::1").content)
    renewal = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert ask(app, now, "", of="2001:db8:2::1", **renewal).status_code == 429
    next_minute = now + timedelta(minutes=1)
    assert ask(app, next_minute, "", **renewal).status_code == 200, "nor was the token"


def test_who_only_knows_its_name_uses_up_nothing_of_an_application(
    app: App, device_app: App, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    monkeypatch.setattr(pace, "PER_APPLICATION", 1)
    now = now.replace(second=0)
    for one in (app, device_app):
        for _ in range(3):
            assert ask(one, now, client_secret="ks_guessed").status_code in (400, 401)
        assert ask(one, now, one.back()["code"]).status_code == 200
    over = ask(device_app, now, device_app.back()["code"])
    assert over.status_code == 429
    assert Grant.objects.filter(exchanged_at=None).count() == 1


def test_all_addresses_of_one_house_are_one(
    app: App, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    monkeypatch.setattr(pace, "PER_ADDRESS", 1)
    now = now.replace(second=0)
    house = ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
    assert [ask(app, now, of=one).status_code for one in house] == [400, 429, 400]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_so_many_are_answered(
    app: App, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    monkeypatch.setattr(pace, "PER_APPLICATION", 5)
    now = now.replace(second=0)
    answers = at_once(*[lambda: ask(app, now).status_code for _ in range(12)])
    assert Counter(answers) == {400: 5, 429: 7}
    monkeypatch.setattr(pace, "PER_ADDRESS", 15)
    answers = at_once(*[lambda: ask(app, now, client_id="nobody").status_code for _ in range(8)])
    assert Counter(answers) == {400: 3, 429: 5}


def test_while_nothing_can_be_counted_members_programs_go_on(
    app: App, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    def away(**_: Any) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(limits, "_script", lambda: away)
    answer = ask(app, now, app.back()["code"])
    assert answer.status_code == 200
    assert "RateLimit" not in answer
