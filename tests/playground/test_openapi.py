"""Every answer against Mastodon's own description, which none of us wrote."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from tests.playground_server import Playground, consent, exchange, pkce, register


class Description:
    """The OpenAPI description; finds the schema of an answer and judges it."""

    def __init__(self, file: Path) -> None:
        # The alternatives of its oneOf overlap (each Quote is also a ShallowQuote, which would
        # refuse every quote there is), so one that fits is enough.
        self._spec = json.loads(file.read_text().replace('"oneOf":', '"anyOf":'))

    def judge(self, method: str, path: str, status: int, body: Any) -> None:
        responses = self._spec["paths"][path][method]["responses"]
        schema = responses[str(status)]["content"]["application/json"]["schema"]
        whole = {**schema, "components": self._spec["components"]}
        validator = OAS31Validator(whole, format_checker=OAS31Validator.FORMAT_CHECKER)
        problems = [
            f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in validator.iter_errors(body)
        ]
        assert problems == []


@cache
def _read(file: Path) -> Description:
    return Description(file)


@pytest.fixture
def description(eval_data: Path) -> Description:
    return _read(eval_data / "mastodon-openapi" / "schema.json")


@pytest.fixture
def ids(playground: Playground) -> dict[str, str]:
    """Somebody, a post of hers that was answered, and a notification to her."""
    account = playground.get("/api/v1/accounts/lookup", acct="ada").json()
    written = playground.get(
        f"/api/v1/accounts/{account['id']}/statuses", exclude_replies=True, exclude_reblogs=True
    ).json()
    answered = next(status for status in written if status["replies_count"])
    return {"account_id": account["id"], "id": answered["id"]}


READS = [
    "/api/v1/accounts/{id}",
    "/api/v1/accounts/{id}/statuses",
    "/api/v1/accounts/{id}/following",
    "/api/v1/accounts/{id}/followers",
]
STATUS_READS = [
    "/api/v1/statuses/{id}",
    "/api/v1/statuses/{id}/context",
    "/api/v1/statuses/{id}/favourited_by",
    "/api/v1/statuses/{id}/reblogged_by",
    "/api/v1/statuses/{id}/quotes",
]


@pytest.mark.parametrize("path", READS)
def test_what_is_told_of_people_keeps_to_the_description(description, playground, ids, path):
    token = playground.sign_in("ada")
    answer = playground.get(path.replace("{id}", ids["account_id"]), token)
    assert answer.json()
    description.judge("get", path, 200, answer.json())


@pytest.mark.parametrize("path", STATUS_READS)
def test_what_is_told_of_statuses_keeps_to_the_description(description, playground, ids, path):
    token = playground.sign_in("ada")
    answer = playground.get(path.replace("{id}", ids["id"]), token)
    description.judge("get", path, answer.status_code, answer.json())


@pytest.mark.parametrize("kind", ["mention", "reblog", "favourite", "follow", "quote"])
def test_each_kind_of_notification_keeps_to_the_description(description, playground, kind):
    token = playground.sign_in("ada")
    answer = playground.get("/api/v1/notifications", token, **{"types[]": kind, "limit": 80})
    assert {notification["type"] for notification in answer.json()} == {kind}
    description.judge("get", "/api/v1/notifications", 200, answer.json())
    one = playground.get(f"/api/v1/notifications/{answer.json()[0]['id']}", token)
    description.judge("get", "/api/v1/notifications/{id}", 200, one.json())


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/api/v1/accounts/verify_credentials", {}),
        ("/api/v1/accounts/lookup", {"acct": "ines@tidepool.example"}),
        ("/api/v1/apps/verify_credentials", {}),
        ("/api/v1/instance", {}),
        ("/api/v2/instance", {}),
        ("/.well-known/oauth-authorization-server", {}),
    ],
)
def test_single_answers_keep_to_the_description(description, playground, path, params):
    answer = playground.get(path, playground.sign_in("grace"), **params)
    description.judge("get", path, 200, answer.json())


def test_relationships_keep_to_the_description(description, playground, ids):
    token = playground.sign_in("grace")
    answer = playground.get(
        "/api/v1/accounts/relationships", token, **{"id[]": [ids["account_id"]]}
    )
    description.judge("get", "/api/v1/accounts/relationships", 200, answer.json())


ACTS = ["favourite", "unfavourite", "reblog", "unreblog"]


@pytest.mark.parametrize("act", ACTS)
def test_acts_on_a_status_keep_to_the_description(description, playground, ids, act):
    token = playground.sign_in("grace")
    answer = playground.post(f"/api/v1/statuses/{ids['id']}/{act}", token)
    description.judge("post", f"/api/v1/statuses/{{id}}/{act}", 200, answer.json())


@pytest.mark.parametrize("act", ["follow", "unfollow"])
def test_acts_on_people_keep_to_the_description(description, playground, ids, act):
    token = playground.sign_in("mallory")
    answer = playground.post(f"/api/v1/accounts/{ids['account_id']}/{act}", token)
    description.judge("post", f"/api/v1/accounts/{{id}}/{act}", 200, answer.json())


def test_writing_and_deleting_keep_to_the_description(description, playground, ids):
    token = playground.sign_in("noor")
    written = playground.post(
        "/api/v1/statuses",
        token,
        status="@ines@tidepool.example a link https://example.org/a?b=c&d #maps",
        in_reply_to_id=ids["id"],
        quoted_status_id=ids["id"],
    )
    description.judge("post", "/api/v1/statuses", 200, written.json())
    deleted = playground.delete(f"/api/v1/statuses/{written.json()['id']}", token)
    description.judge("delete", "/api/v1/statuses/{id}", 200, deleted.json())


def test_apps_and_tokens_keep_to_the_description(description, playground):
    app = register(playground, website="https://example.org/")
    description.judge("post", "/api/v1/apps", 200, app)
    verifier, challenge = pkce()
    address = consent(playground, app, "ada", "read", challenge)
    code = address.partition("code=")[2].partition("&")[0]
    description.judge("post", "/oauth/token", 200, exchange(playground, app, code, verifier).json())
    again = exchange(playground, app, code, verifier)
    description.judge("post", "/oauth/token", again.status_code, again.json())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/accounts/{id}", 404),
        ("get", "/api/v1/statuses/{id}", 404),
        ("get", "/api/v1/accounts/verify_credentials", 401),
        ("get", "/api/v1/accounts/verify_credentials", 403),
        ("post", "/api/v1/statuses", 422),
        ("post", "/api/v1/apps", 422),
    ],
)
def test_errors_keep_to_the_description(description, playground, method, path, status):
    token = "" if status == 401 else playground.sign_in("ada", "write read:notifications")
    answer = playground.call(method, path.replace("{id}", "1"), token)
    assert answer.status_code == status
    description.judge(method, path, status, answer.json())
