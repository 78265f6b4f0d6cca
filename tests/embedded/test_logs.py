"""Logs are one JSON object a line and hold no secret, whoever writes them."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client

from klout.logs import REMOVED, without_secrets

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was logged so far, as the product's own settings write it."""
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def cleaned(text: str) -> str:
    return str(without_secrets(None, "info", {"event": text})["event"])


def test_our_own_lines_and_those_of_libraries_are_json(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger("klout.test").info("polled", account=7)
        logging.getLogger("celery.worker").warning("lost %s", "it", extra={"task_id": "t"})
    ours, theirs = lines()
    assert (ours["event"], ours["account"], ours["level"]) == ("polled", 7, "info")
    assert (theirs["event"], theirs["logger"]) == ("lost it", "celery.worker")
    assert ours["request_id"] == theirs["request_id"] == "abc"
    assert ours["at"].endswith("Z")
    assert theirs["task_id"] == "t"


def test_an_error_keeps_its_traceback_without_the_secret_in_it(lines: Lines) -> None:
    try:
        raise ValueError("GET https://x.example/cb?code=dontkeepme&state=dontkeepme refused")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = lines()
    assert "Traceback" in line["exception"]
    assert "refused" in line["exception"]
    assert "dontkeepme" not in json.dumps(line)


@pytest.mark.parametrize(
    "name",
    [
        *("token", "access_token", "refresh-token", "client_secret", "password", "Cookie"),
        *("Set-Cookie", "Authorization", "HTTP_AUTHORIZATION", "code", "state", "code_verifier"),
        *("sessionid", "csrftoken", "credentials", "SECRET_KEY", "headers"),
    ],
)
def test_a_field_with_a_secret_name_is_hidden(name: str) -> None:
    assert without_secrets(None, "info", {name: "x"})[name] == REMOVED
    nested = without_secrets(None, "info", {"data": [{"inner": {name: "x"}}]})
    assert nested["data"] == [{"inner": {name: REMOVED}}]


@pytest.mark.parametrize("name", ["status_code", "statement", "keyword", "tokenizer", "account"])
def test_a_field_with_a_harmless_name_stays(name: str) -> None:
    assert without_secrets(None, "info", {name: "x", "n": 3}) == {name: "x", "n": 3}


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer dontkeepme",
        "sent bearer dontkeepme.x-y_z",
        "/networks/callback/?state=dontkeepme&code=dontkeepme",
        "body was access_token=dontkeepme&scope=read",
        '{"access_token": "dontkeepme", "scope": "read"}',
        "{'refresh_token': 'dontkeepme'}",
        "Cookie: sessionid=dontkeepme; csrftoken=dontkeepme",
        "postgres://klout:dontkeepme@db/klout",
        "redis://:dontkeepme@cache:6379/0",
        "GET /account/password/reset/key/1-dontkeepme/ 200",
        "GET /account/confirm-email/dontkeepme/ 200",
        # Names in another spelling, as an address may have them.
        "GET /v2/user.json/1?k%65y=dontkeepme&x=1",
        "/networks/callback/?%63%6F%64%65=dontkeepme",
        "/oauth/token/?client%5Fsecret=dontkeepme",
        "/login/?next=/oauth/authorize/%3Fclient_id%3Da%26state%3Ddontkeepme",
        "/login/?next=%252Fcallback%253Fst%2561te%253Ddontkeepme%2526scope",
        "/?next%3Dcode%3Ddontkeepme",
        "/?next%253Dcode%253Ddontkeepme",
        '{"password": "with a \\" in it, dontkeepme"}',
        "{'k%65y': 'dontkeepme'}",
        '{"client\\u005fsecret": "dontkeepme"}',
        "GET /account/password/reset%2Fk%65y/1-dontkeepme/ 200",
        # What was forgotten by hand once is known by its words.
        "bot_token=dontkeepme",
        "refused for password='dontkeepme' of ada",
    ],
)
def test_a_secret_inside_a_text_is_cut_out(text: str) -> None:
    assert "dontkeepme" not in cleaned(text)
    assert REMOVED in cleaned(text)


@pytest.mark.parametrize(
    "text",
    [
        *("poll of 3 accounts", "exit code 3", "state of the account", "http://localhost:8000/k/"),
        *("?scope=score%3Aread&redirect_uri=https%3A%2F%2Fa.example%2F", "%d of 100%", "a=b=c%"),
        *("exit_code=3", "status_code%3D404", "Key (member_id, on)=(5, 2026-11-02) exists"),
    ],
)
def test_a_harmless_text_stays(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize("piece", ["a", "a%3D", "%", "a=", "%25", "'a':'", "key=", "://a:"])
def test_a_hostile_text_takes_no_longer_than_it_is_long(piece: str) -> None:
    """A search that went back for each sign would not come to an end within hours."""
    text = piece * (200_000 // len(piece))
    assert len(cleaned(text)) <= len(text) + len(REMOVED)


def test_every_answer_has_a_request_id_of_its_own(client: Client) -> None:
    first = client.get("/networks/", headers={"X-Request-ID": "chosen-by-the-visitor"})
    second = client.get("/networks/")
    assert len(first["X-Request-ID"]) == 16
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert "chosen" not in first["X-Request-ID"]


def test_django_gunicorn_and_celery_share_the_settings() -> None:
    from klout import web_server

    assert settings.LOGGING["formatters"].keys() == web_server.logconfig_dict["formatters"].keys()
    for forbidden in ("%(q)s", "%(r)s", "%(f)s", "%(a)s", "{cookie}i", "{authorization}i"):
        assert forbidden not in web_server.access_log_format
