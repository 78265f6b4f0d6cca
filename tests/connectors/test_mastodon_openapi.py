"""What the connector asks for exists in Mastodon's own description of its API."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from networks.connectors.base import Credentials, Setup
from networks.connectors.mastodon import MastodonConnector
from networks.connectors.mastodon.connector import SCOPES
from networks.http import Door
from tests.connectors.contract import CHALLENGE, STATE, VERIFIER
from tests.connectors.fake_mastodon import ME, REDIRECT, account


@pytest.fixture
def description(eval_data) -> dict[str, Any]:
    return json.loads((eval_data / "mastodon-openapi" / "schema.json").read_text())


@pytest.fixture
def asked(mastodon, now) -> Any:
    """A Mastodon on which everything was done once that the connector can do."""
    mastodon.limits = {
        "/api/v1/notifications": 2,
        f"/api/v1/accounts/{ME}/following": 2,
    }
    for day in range(5, 0, -1):
        mastodon.world.write(day)
        mastodon.world.notify("follow", account(100 + day, f"p{day}"), day)
        mastodon.world.follow(account(100 + day, f"p{day}"))
    connector = MastodonConnector(Door(frozenset({mastodon.host})), Setup())
    app = connector.register(mastodon.host, REDIRECT)
    destination = connector.find(mastodon.host)
    url = connector.ask_consent(destination, app, REDIRECT, STATE, CHALLENGE).url
    code = mastodon.consent(url)
    credentials = connector.exchange(mastodon.host, app, REDIRECT, code, VERIFIER, {}, now)
    connector.is_registered(mastodon.host, app)
    cursor: Any = {}
    for _ in range(2):
        *_, last = connector.read(
            mastodon.host, credentials, cursor, since=now - timedelta(days=180), now=now
        )
        cursor = last.cursor
    connector.revoke(mastodon.host, app, Credentials(credentials.access_token))
    return mastodon


def described(path: str) -> str:
    return re.sub(r"/accounts/\d+/", "/accounts/{id}/", path)


def test_every_read_and_its_parameters_exist(description, asked):
    seen = {described(path) for path, _ in asked.asked}
    assert len(seen) == 4
    for path, query in asked.asked:
        parameters = description["paths"][described(path)]["get"].get("parameters", [])
        known = {parameter["name"]: parameter["schema"] for parameter in parameters}
        for name, values in query.items():
            schema = known[name.removesuffix("[]")]
            assert (schema["type"] == "array") == name.endswith("[]")
            assert schema["type"] != "integer" or all(value.isdigit() for value in values)


def test_limits_are_within_what_mastodon_allows(description, asked):
    for path, query in asked.asked:
        for parameter in description["paths"][described(path)]["get"].get("parameters", []):
            most = re.search(r"Max(?:imum)? (\d+)", parameter.get("description", ""))
            if parameter["name"] == "limit" and most and "limit" in query:
                assert int(query["limit"][0]) <= int(most[1])


def test_every_form_and_its_fields_exist(description, asked):
    assert {path for path, _ in asked.posted} == {
        "/api/v1/apps",
        "/oauth/token",
        "/oauth/revoke",
    }
    for path, form in asked.posted:
        body = description["paths"][path]["post"]["requestBody"]
        schema = body["content"]["application/json"]["schema"]
        assert set(form) <= set(schema["properties"])
        # The description has one list for all grants; only the grant of a code needs a code.
        if form.get("grant_type") != ["client_credentials"]:
            assert set(schema["required"]) <= set(form)


def test_the_scopes_exist(description):
    known = description["components"]["schemas"]["OAuthScope"]["enum"]
    assert set(SCOPES.split()) <= set(known)


def test_notices_left_out_are_kinds_that_exist(description, asked):
    known = description["components"]["schemas"]["NotificationTypeEnum"]["enum"]
    left_out = {kind for _, query in asked.asked for kind in query.get("exclude_types[]", [])}
    assert left_out < set(known)
