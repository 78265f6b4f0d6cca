"""Applications that members register, and what clients read about this server."""

import json
from typing import Any

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.applications import grants, redirects, services
from accounts.applications.models import Application, Grant
from accounts.models import Member
from tests.applications.conftest import App

NEW = {
    "name": "Tide Table",
    "home_page": "https://app.example/",
    "redirect_uris": "https://app.example/back\nhttp://127.0.0.1/back",
    "kind": "server",
}


def test_a_secret_is_shown_once_and_kept_as_a_hash(at_ada: Client, ada: Member) -> None:
    answer = at_ada.post("/settings/applications/new/", NEW)
    secret = answer.context["secret"]
    made = Application.objects.get(owner=ada)
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert secret not in str(made.__dict__)
    assert made.redirect_uris == ["https://app.example/back", "http://127.0.0.1/back"]
    for path in ("/settings/applications/", f"/settings/applications/{made.client_id}/"):
        assert secret not in at_ada.get(path).content.decode()


def test_what_runs_on_devices_gets_no_secret(at_ada: Client) -> None:
    answer = at_ada.post("/settings/applications/new/", NEW | {"kind": "device"})
    assert answer.context["secret"] == ""
    path = f"/settings/applications/{Application.objects.get().client_id}/secret/"
    assert at_ada.post(path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "Ada\u202eelbat"},
        {"home_page": "http://app.example/"},
        {"home_page": "javascript:alert(1)"},
        {"redirect_uris": "http://app.example/back"},
        {"redirect_uris": "https://app.example/back#part"},
        {"redirect_uris": "https://user@app.example/"},
        {"redirect_uris": "myapp://back"},
        {"redirect_uris": "\n".join(f"https://a{n}.example/" for n in range(11))},
        {"kind": "other"},
    ],
    ids=str,
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(at_ada: Client, wrong: Any) -> None:
    answer = at_ada.post("/settings/applications/new/", NEW | wrong)
    assert answer.status_code == 422
    assert not Application.objects.exists()
    assert "app.example" in answer.content.decode()


def test_there_are_as_many_as_there_may_be(at_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "APPLICATIONS_AT_MOST", 1)
    at_ada.post("/settings/applications/new/", NEW)
    answer = at_ada.post("/settings/applications/new/", NEW)
    assert answer.status_code == 409
    assert "Nothing was made" in answer.content.decode()


def test_a_new_secret_ends_the_old_one_and_nothing_else(
    app: App, mallory: Member, now: Any
) -> None:
    tokens = app.tokens()
    secret = services.rotate_secret(app.application, now)
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    app.secret = secret
    assert app.refresh(tokens["refresh_token"]).status_code == 200


def test_a_deleted_application_ends_everywhere(app: App, now: Any) -> None:
    tokens = app.tokens()
    services.delete(app.application, now)
    assert grants.opened_by(tokens["access_token"], now) is None
    assert not Grant.objects.exists()


def test_it_is_changed_and_what_members_allowed_stands(app: App, at_ada: Client, now: Any) -> None:
    tokens = app.tokens()
    Application.objects.update(owner=app.browser.session["_auth_user_id"])
    path = f"/settings/applications/{app.application.client_id}/"
    assert at_ada.post(path, NEW | {"name": "Tides"}).status_code == 302
    assert at_ada.post(path, NEW | {"redirect_uris": "nowhere"}).status_code == 422
    assert Application.objects.get().name == "Tides"
    assert grants.opened_by(tokens["access_token"], now)


@pytest.mark.parametrize("act", ["", "secret/", "delete/"])
def test_an_application_of_somebody_else_is_not_found(app: App, act: str) -> None:
    path = f"/settings/applications/{app.application.client_id}/{act}"
    assert app.browser.post(path, NEW).status_code == 404
    assert Application.objects.filter(pk=app.application.pk).exists()


def test_what_one_did_not_let_in_is_not_found(app: App) -> None:
    path = f"/settings/applications/{app.application.client_id}/revoke/"
    assert app.browser.post(path).status_code == 404


def test_the_server_describes_itself(client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://klout.example"
    answer = client.get("/.well-known/oauth-authorization-server")
    said = json.loads(answer.content)
    AuthorizationServerMetadata(said).validate()
    assert said["issuer"] == "https://klout.example"
    assert said["token_endpoint"] == "https://klout.example/oauth/token/"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert "export" not in said["scopes_supported"]


BROKEN: list[dict[str, Any]] = [
    {"access_scopes": ["k:give"]},
    {"scopes": []},
    {"exchanged_at": None},
    {"access_expires_at": None},
    {"refresh_expires_at": None},
    {"ended_at": "2026-11-02T12:00Z"},
    {"ended_at": "2026-11-02T12:00Z", "end": "member"},
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_a_grant_that_cannot_be(app: App, broken: dict[str, Any]) -> None:
    app.tokens()
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.update(**broken)


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_what_may_be_registered_is_ever_matched(one: str, other: str) -> None:
    for base in ("https://app.example/", "http://127.0.0.1:80/", ""):
        registered, asked = base + one, base + other
        if redirects.is_redirect_uri(registered) and redirects.matches(registered, asked):
            assert redirects.is_redirect_uri(asked)
            assert redirects.shown_host(asked).partition(":")[0] in asked
