"""Servers whose handles have another domain than the server: both must say so."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from networks.connectors.base import Credentials, Person, Setup
from networks.connectors.mastodon import MastodonConnector
from networks.connectors.mastodon.home import home_of
from tests.connectors.fake_mastodon import ME, account
from tests.networks.edge.internet import Internet
from tests.networks.edge.servers import Say, Server, path_of, reply, reply_json, serving

WEB, HOME = "social.example.org", "example.org"
ADDRESSES = {WEB: "93.184.216.34", HOME: "1.1.1.1"}


def finger(subject: Any, *hrefs: str) -> Say:
    links = [{"rel": "self", "href": href} for href in hrefs]
    body = json.dumps({"subject": subject, "links": links}).encode()
    return reply(body, kind="application/jrd+json")


@pytest.fixture
def put() -> Iterator[Callable[..., Internet]]:
    """An internet in which these names answer like this."""
    with ExitStack() as stack:

        def build(answers: dict[str, Say]) -> Internet:
            internet = Internet()
            for name, say in answers.items():
                server: Server = stack.enter_context(serving(say, internet.certificate(name)))
                internet.put(name, server, ADDRESSES[name])
            return internet

        yield build


SAYS_HOME = finger(f"acct:ada@{HOME}")
CONFIRMS = finger(f"acct:ada@{HOME}", f"https://{WEB}/users/ada")


def test_a_server_with_its_own_domain_is_at_home(put):
    internet = put({WEB: finger(f"acct:ada@{WEB}")})
    assert home_of(internet.door(), WEB, "ada") == (WEB, True)
    request = internet.servers[ADDRESSES[WEB]].requests[0]
    assert b"resource=acct%3Aada%40social.example.org" in request


def test_another_domain_counts_when_it_agrees(put):
    internet = put({WEB: SAYS_HOME, HOME: CONFIRMS})
    assert home_of(internet.door(), WEB, "ada") == (HOME, True)


def test_a_server_that_says_the_domain_at_once_is_checked_too(put):
    internet = put({WEB: reply(status="404 No"), HOME: CONFIRMS})
    assert home_of(internet.door(), WEB, f"ada@{HOME}") == (HOME, True)
    denies = finger(f"acct:ada@{HOME}", f"https://{HOME}/users/ada")
    internet = put({WEB: reply(status="404 No"), HOME: denies})
    assert home_of(internet.door(), WEB, f"ada@{HOME}") == (WEB, True)


@pytest.mark.parametrize(
    "other_side",
    [
        finger(f"acct:ada@{HOME}", "https://elsewhere.example/users/ada"),
        finger(f"acct:ada@{HOME}", f"http://{WEB}/users/ada"),
        finger(f"acct:ada@{HOME}", f"https://{WEB}.evil.example/users/ada"),
        finger("acct:ada@third.example", f"https://{WEB}/users/ada"),
        finger(f"acct:ada@{HOME}"),
        reply(b"{}", status="404 Not Found"),
    ],
)
def test_a_domain_that_does_not_agree_is_not_taken(put, other_side):
    internet = put({WEB: SAYS_HOME, HOME: other_side})
    assert home_of(internet.door(), WEB, "ada") == (WEB, True)


@pytest.mark.parametrize(
    "say",
    [
        reply(b"{}", status="404 Not Found"),
        finger(None),
        finger("https://example.org/ada"),
        finger("acct:ada@127.0.0.1"),
        finger("acct:ada@"),
        reply(b"[]"),
    ],
)
def test_a_server_that_does_not_say_is_at_home(put, say):
    assert home_of(put({WEB: say}).door(), WEB, "ada") == (WEB, True)


@pytest.mark.parametrize("say", [reply(status="502 Bad"), reply(b"<html>", kind="text/html")])
def test_what_failed_on_the_way_is_asked_again_next_time(put, say):
    assert home_of(put({WEB: say}).door(), WEB, "ada") == (WEB, False)
    assert home_of(put({WEB: SAYS_HOME, HOME: say}).door(), WEB, "ada") == (WEB, False)


def test_the_domain_of_handles_names_everybody_there_and_is_asked_for_once(put, now):
    def social(connection: Any, request: bytes) -> None:
        path = path_of(request)
        if "webfinger" in path:
            return SAYS_HOME(connection, request)
        if "verify_credentials" in path:
            return reply_json(account(ME, "ada"))(connection, request)
        if "notifications" in path and "min_id" not in path:
            followed = {"id": "5", "type": "follow", "created_at": "2026-11-01T00:00:00Z"}
            return reply_json([followed | {"account": account(7, "bo")}])(connection, request)
        return reply_json([])(connection, request)

    internet = put({WEB: social, HOME: CONFIRMS})
    connector = MastodonConnector(internet.door(), Setup())
    token = Credentials("token")
    since = now - timedelta(days=180)
    assert connector.identify(WEB, token).person.handle == f"@ada@{HOME}"
    *_, last = pages = list(connector.read(WEB, token, {}, since=since, now=now))
    assert pages[0].identity is not None
    assert pages[0].identity.person.key == f"ada@{HOME}"
    assert [r.responder.key for page in pages for r in page.reactions] == [f"bo@{HOME}"]
    asked = internet.servers[ADDRESSES[HOME]].hits
    list(connector.read(WEB, token, last.cursor, since=since, now=now))
    assert internet.servers[ADDRESSES[HOME]].hits == asked


BO = Person(f"bo@{HOME}", f"@bo@{HOME}", HOME, followers=5_000)


def look_up(internet: Internet, now: Any) -> Person | None:
    return MastodonConnector(internet.door(), Setup()).look_up(BO, now)


def test_somebody_is_looked_up_at_home_without_a_token(put, now):
    internet = put({HOME: reply_json(account(7, "bo") | {"followers_count": 12})})
    found = look_up(internet, now)
    assert (found.key, found.followers) == (BO.key, 12)
    request = internet.servers[ADDRESSES[HOME]].requests[0]
    assert request.startswith(b"GET /api/v1/accounts/lookup?acct=bo HTTP/1.1\r\n")
    assert b"Authorization" not in request


@pytest.mark.parametrize(
    "say",
    [
        reply_json(account(8, "somebody_else")),
        reply_json([]),
        reply(b"nonsense"),
        reply_json({"error": "This API requires an authenticated user"}, status="401 No"),
        reply(status="500 Broken"),
    ],
    ids=["somebody else", "a list", "nonsense", "strangers are not told", "broken"],
)
def test_a_home_that_does_not_tell_leads_to_nothing(put, now, say):
    assert look_up(put({HOME: say}), now) is None
