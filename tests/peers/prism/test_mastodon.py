"""Mastodon's description (KLOUT_EVAL_DATA) between our connector and our Mastodon."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from networks.connectors.base import ConnectorError, Setup, Transient
from networks.connectors.mastodon import MastodonConnector
from tests.connectors.contract import link, read_all
from tests.connectors.fake_mastodon import FakeMastodon
from tests.connectors.test_mastodon_contract import LivelyMastodon
from tests.peers.prism.judge import Description, Judge, judge, part_of, unused

pytestmark = pytest.mark.peers

PATHS = (
    "/api/v1/apps",
    "/api/v1/accounts/verify_credentials",
    "/api/v1/accounts/{id}/statuses",
    "/api/v1/accounts/{id}/following",
    "/api/v1/notifications",
    "/oauth/token",
    "/oauth/revoke",
)


def description(eval_data: Path) -> Description:
    """What we use of the description, with forms, which Mastodon takes as well as JSON."""
    whole = json.loads((eval_data / "mastodon-openapi/schema.json").read_text())
    part = part_of(whole, PATHS)
    for path in PATHS:
        for operation in part["paths"][path].values():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]
                content["application/x-www-form-urlencoded"] = {
                    "schema": _as_form(content["application/json"]["schema"])
                }
    return part


def _as_form(schema: Description) -> Description:
    """In a form, a list of one is its one item."""
    return schema | {
        "properties": {
            name: kind["items"] if kind.get("type") == "array" else kind
            for name, kind in schema["properties"].items()
        }
    }


@pytest.fixture
def prism(mastodon: FakeMastodon, eval_data: Path, tmp_path: Path) -> Iterator[Judge]:
    with judge(description(eval_data), f"http://{mastodon.host}", tmp_path) as judging:
        yield judging


@pytest.fixture
def network(mastodon: FakeMastodon, prism: Judge, now) -> LivelyMastodon:
    lively = LivelyMastodon(mastodon, now)
    lively.host = lively.typed = prism.host
    lively.connector = MastodonConnector(prism.door(), Setup())
    return lively


def test_what_we_ask_for_and_what_our_mastodon_answers_is_as_described(network, prism, eval_data):
    app, credentials = link(network)
    pages = read_all(network, credentials)
    network.connector.revoke(network.host, app, credentials)
    assert prism.objections == []
    assert sum(page.set_aside for page in pages) == 0
    assert (
        unused(
            description(eval_data),
            [path for path, _ in [*network.fake.asked, *network.fake.posted]],
        )
        == []
    )


def test_a_wrong_call_of_ours_does_not_pass(network, prism, monkeypatch):
    monkeypatch.setattr("networks.connectors.mastodon.reading._PAGE_SIZES", ("many",))
    _, credentials = link(network)
    with contextlib.suppress(ConnectorError):
        read_all(network, credentials)
    assert any('"query","limit"' in objection for objection in prism.objections)


def test_a_wrong_answer_of_our_mastodon_does_not_pass(network, prism):
    network.fake.world.me["followers_count"] = "many"
    _, credentials = link(network)
    with pytest.raises(Transient):
        network.connector.identify(network.host, credentials)
    assert any("followers_count must be integer" in objection for objection in prism.objections)
