"""Every call, shape and error that clients of 2010 to 2018 expect, from `contract.json`."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from accounts.models import Member
from klout.api import quota
from networks.models import LinkedAccount
from tests.api.conftest import make_acquaintances, make_topics
from tests.api.contract import CONTRACT, has_shape
from tests.factories import make_account

AS_ASKED = [(call["ask"], call["answer"]) for call in CONTRACT["calls"]]
SLASHES = pytest.mark.parametrize("slash", ["", "/"], ids=["as documented", "with a slash"])


@pytest.fixture
def everywhere(grace: Member, now: datetime) -> Member:
    """grace on all networks that have a code, with topics and acquaintances."""
    make_account(grace, now, handle="@grace@known.example")
    make_account(grace, now, platform="github", remote_id="99")
    make_account(grace, now, platform="bluesky", remote_id="did:plc:1")
    make_account(grace, now, platform="youtube", remote_id="UCabc")
    make_topics(grace, now, 7)
    make_acquaintances(LinkedAccount.objects.get(member=grace, platform="x"), now, 2)
    return grace


def asked(client: Client, ask: str, key: str, kloutid: str, slash: str = "") -> Any:
    """As a client of old would: the key among the other names, in any order."""
    path, _, query = ask.format(id=kloutid).partition("?")
    return client.get(f"{path}{slash}", {"key": key} | dict(parse_qsl(query)))


@SLASHES
@pytest.mark.parametrize(("ask", "shape"), AS_ASKED, ids=[ask for ask, _ in AS_ASKED])
def test_each_call_is_answered_in_its_shape(
    client: Client, key: str, everywhere: Member, ask: str, shape: Any, slash: str
) -> None:
    kloutid = str(everywhere.api_presence.kloutid)
    answer = asked(client, ask, key, kloutid, slash)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert has_shape(answer.json(), shape), answer.json()
    assert not re.search(r"\bnull\b", answer.content.decode())


@pytest.mark.parametrize("error", CONTRACT["errors"], ids=lambda error: error["ask"])
def test_each_error_is_told_as_clients_expect(
    client: Client,
    key: str,
    everywhere: Member,
    error: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "limit" in error:
        monkeypatch.setattr(quota, error["limit"], 0)
    kloutid = str(everywhere.api_presence.kloutid)
    answer = asked(client, error["ask"], error.get("key", key), kloutid)
    assert answer.status_code == error["status"] == answer.json()["error"]
    assert "json" in answer["Content-Type"]
    assert has_shape(answer.json(), "@error")
    assert answer.get("X-Mashery-Error-Code") == error.get("code")
    assert ("Retry-After" in answer) == error.get("waits", False)


def test_topics_are_told_as_the_profile_shows_them(ask: Any, grace: Member, now: datetime) -> None:
    kloutid = str(grace.api_presence.kloutid)
    make_topics(grace, now, 7)
    told = ask(f"/v2/user.json/{kloutid}/topics")
    assert [topic["name"] for topic in told] == [f"topic {number}" for number in range(5)]
    assert told[0]["slug"] == "topic-0"
    assert ask("/1/users/topics.json", users="grace")["users"][0]["topics"] == [
        topic["name"] for topic in told
    ]


def test_topics_that_are_hidden_or_not_chosen_are_not_told(
    ask: Any, grace: Member, now: datetime
) -> None:
    kloutid = str(grace.api_presence.kloutid)
    make_topics(grace, now, 2)
    grace.topics.filter(name="topic 0").update(hidden_at=now)
    users = {"users": "grace"}
    assert ask("/1/users/topics.json", **users)["users"][0]["topics"] == ["topic 1"]
    grace.profile.shows_topics = False
    grace.profile.save()
    assert ask(f"/v2/user.json/{kloutid}/topics") == []
    assert ask("/1/users/topics.json", **users)["users"][0]["topics"] == []


def test_topics_in_xml_are_elements(client: Client, key: str, grace: Member, now: datetime) -> None:
    make_topics(grace, now, 2)
    answer = client.get("/1/users/topics.xml", {"key": key, "users": "grace"})
    assert b"<topics><topic>topic 0</topic><topic>topic 1</topic></topics>" in answer.content


def test_jsonp_is_off_until_the_operator_switches_it_on(
    client: Client, key: str, kloutid: str, settings: Any
) -> None:
    path, asking = f"/v2/user.json/{kloutid}/score", {"key": key, "callback": "jQuery_1.got"}
    plain = client.get(path, asking)
    assert plain["Content-Type"] == "application/json"
    settings.CLASSIC_API_JSONP = True
    called = client.get(path, asking)
    assert called["Content-Type"] == "application/javascript; charset=utf-8"
    assert called.content == b"/**/jQuery_1.got(" + plain.content + b");"
    for odd in ("alert(1)//", "a b", "a;b", "", "x" * 99, "é"):
        answer = client.get(path, asking | {"callback": odd})
        assert answer["Content-Type"] == "application/json"


def test_deltas_come_from_stored_days_only(ask: Any, grace: Member, now: datetime) -> None:
    kloutid = str(grace.api_presence.kloutid)
    grace.scores.filter(on=(now - timedelta(days=7)).date()).delete()
    assert set(ask(f"/v2/user.json/{kloutid}")["scoreDeltas"].values()) == {0.0}
