"""The contract, kept by the Mastodon connector against the playground with its people."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.connectors.base import RateLimited, Setup, Transient
from networks.connectors.mastodon import MastodonConnector
from networks.http import Door
from tests.connectors.contract import ConnectorContract, keys, link, read_all, run
from tests.playground_server import START, Playground, fields


class PlaygroundNetwork:
    """Ada's account in the playground."""

    redirect_uri = "http://localhost:8000/networks/callback/mastodon/playground/"

    def __init__(self, server: Playground) -> None:
        self.server = server
        self.host = server.host
        self.typed = self.host
        self.now: datetime = START
        self.connector = MastodonConnector(Door(frozenset({server.host})), Setup())
        self._tokens: dict[str, str] = {}

    def consent(self, url: str) -> str:
        browser = requests.Session()
        page = browser.get(url, timeout=10)
        form = fields(page.text) | {"person": "ada"}
        page = browser.post(f"{self.server.base_url}/sign-in", data=form, timeout=10)
        form = fields(page.text) | {"decision": "authorize"}
        answer = browser.post(
            f"{self.server.base_url}/oauth/authorize", data=form, timeout=10, allow_redirects=False
        )
        browser.close()
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def withdraw_consent(self) -> None:
        self.server.trouble(revoke="ada")

    def something_happens(self) -> None:
        written = self._does("ada", "/api/v1/statuses", status="A word from the harbour.")
        self._wait_a_second()
        answer = {"status": "@ada So true.", "in_reply_to_id": written["id"]}
        self._does("mallory", "/api/v1/statuses", **answer)
        self._wait_a_second()

    def _wait_a_second(self) -> None:
        """By the playground's clock, which stands still in tests."""
        self.now += timedelta(seconds=1)
        self.server.set_now(self.now)

    def _does(self, username: str, path: str, **data: Any) -> dict[str, Any]:
        answer = self.server.post(path, self.server.sign_in(username), **data)
        answer.raise_for_status()
        done: dict[str, Any] = answer.json()
        return done


@pytest.fixture
def network(playground: Playground) -> PlaygroundNetwork:
    return PlaygroundNetwork(playground)


class TestPlayground(ConnectorContract):
    pass


def test_half_a_year_of_ada_is_read(network):
    _, credentials = link(network)
    pages = read_all(network, credentials)
    assert pages[0].counts is not None
    assert pages[0].counts.followers
    assert sum(page.set_aside for page in pages) == 0
    assert all(len(found) > 20 for found in keys(pages).values())
    kinds = {reaction.kind for page in pages for reaction in page.reactions}
    assert {"reply", "mention", "reshare", "favourite", "follow"} <= kinds
    assert {"reply", "reshare", "follow"} <= {a.kind for page in pages for a in page.outreach}
    posts = {post.remote_id for page in pages for post in page.posts}
    about = {r.post_remote_id for page in pages for r in page.reactions if r.post_remote_id}
    assert len(about & posts) > len(about) / 2
    assert all(re.fullmatch(r"[^@]+@[^@]+", r.responder.key) for p in pages for r in p.reactions)


@pytest.mark.parametrize(
    ("mode", "code"),
    [("down", "server_error"), ("garbage", "garbage"), ("enormous", "too_large")],
)
def test_trouble_there_is_told_by_its_code(network, mode, code):
    _, credentials = link(network)
    network.server.trouble(mode=mode)
    with pytest.raises(Transient) as caught:
        list(run(network, credentials, {}))
    assert caught.value.code == code


def test_a_slow_playground_is_left_at_the_deadline(network):
    _, credentials = link(network)
    network.connector = MastodonConnector(Door(frozenset({network.host}), deadline=0.3), Setup())
    network.server.trouble(mode="slow", seconds=0.6)
    with pytest.raises(Transient) as caught:
        list(run(network, credentials, {}))
    assert caught.value.code == "too_slow"


def test_the_playground_asks_us_to_wait(network):
    _, credentials = link(network)
    network.server.trouble(mode="limited", seconds=60)
    with pytest.raises(RateLimited):
        list(run(network, credentials, {}))
