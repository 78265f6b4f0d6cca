"""The page with a member's keys, and the switch that lets the API speak of them."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts import api_keys
from accounts.api_models import ApiKey, ApiPresence
from accounts.models import Member
from accounts.personal_data import provider
from klout.logs import REMOVED, without_secrets
from tests.accounts.conftest import at_ada as signed_in
from tests.accounts.conftest import confirmed_ada, prove_it

__all__ = ["confirmed_ada", "signed_in"]

NEW = {"name": "My program", "scopes": ["look_up"]}


@pytest.fixture
def at_ada(signed_in: Client) -> Client:
    prove_it(signed_in)
    return signed_in


def test_a_new_key_is_shown_once_and_kept_as_a_hash(at_ada: Client, ada: Member) -> None:
    answer = at_ada.post("/settings/api/keys/", NEW)
    key = answer.context["new_key"]
    assert key in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert key not in at_ada.get("/settings/api/").content.decode()
    made = ApiKey.objects.get(member=ada)
    assert made.digest == api_keys.digest_of(key)
    assert key not in str(made.__dict__)
    assert key not in str(provider.export(ada))


def test_a_key_without_a_purpose_is_not_made(at_ada: Client) -> None:
    assert at_ada.post("/settings/api/keys/", {"name": "It"}).status_code == 422
    assert at_ada.post("/settings/api/keys/", {"scopes": ["look_up"]}).status_code == 422
    assert at_ada.post("/settings/api/keys/", NEW | {"scopes": ["all"]}).status_code == 422
    assert not ApiKey.objects.exists()


def test_there_are_as_many_keys_as_there_may_be(
    at_ada: Client,
    ada: Member,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api_keys, "KEYS_AT_MOST", 1)
    at_ada.post("/settings/api/keys/", NEW)
    answer = at_ada.post("/settings/api/keys/", NEW)
    assert answer.status_code == 409
    assert "Nothing was made" in answer.content.decode()
    at_ada.post(f"/settings/api/keys/{ApiKey.objects.get().pk}/revoke/")
    assert at_ada.post("/settings/api/keys/", NEW).status_code == 200


def test_the_key_of_somebody_else_is_not_found(at_ada: Client, now: datetime) -> None:
    grace = Member.objects.create_user("grace@example.com", "correct horse 2", name="Grace")
    api_keys.make_key(grace, "hers", ["look_up"], now)
    theirs = ApiKey.objects.get(member=grace)
    assert at_ada.post(f"/settings/api/keys/{theirs.pk}/revoke/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_the_api_knows_a_member_only_after_they_say_so(at_ada: Client, ada: Member) -> None:
    assert not ApiPresence.objects.exists()
    at_ada.post("/settings/api/visible/", {"visible": "yes"})
    number = ApiPresence.objects.get(member=ada, is_visible=True).kloutid
    at_ada.post("/settings/api/visible/", {"visible": "no"})
    at_ada.post("/settings/api/visible/", {"visible": "yes"})
    assert ApiPresence.objects.get(member=ada, is_visible=True).kloutid == number
    assert str(number) in at_ada.get("/settings/api/").content.decode()


@pytest.mark.parametrize(
    "text", ["GET /v2/user.json/1?key=abc123&x=1", "/1/klout.json?users=a&key=abc123"]
)
def test_a_key_in_an_address_is_in_no_log(text: str) -> None:
    said: Any = without_secrets(None, "", {"event": text})["event"]
    assert "abc123" not in said
    assert REMOVED in said
