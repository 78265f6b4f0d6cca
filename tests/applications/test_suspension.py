"""The operator stops an application that misbehaves: at once, and nothing is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.applications import grants, suspending
from accounts.applications.models import Application, Grant
from accounts.audit import Event
from accounts.models import Member
from accounts.operator_models import StaffAct
from tests.applications.conftest import App

REASON = "It gives K to strangers."


@pytest.fixture
def olga(db: None) -> Member:
    return Member.objects.create_user("olga@example.com", "x", name="Olga", is_staff=True)


def asks_the_api(tokens: dict[str, Any]) -> int:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return Client().get("/api/v3/me", headers=headers).status_code


def test_its_tokens_stop_at_once_and_go_on_when_it_is_let_in_again(
    app: App, olga: Member, now: datetime
) -> None:
    tokens, waiting = app.tokens(), app.back()["code"]
    assert asks_the_api(tokens) == 200
    before = list(Grant.objects.order_by("pk").values())
    assert suspending.suspend(olga, app.application, REASON, now)
    assert asks_the_api(tokens) == 401
    for refused in (app.refresh(tokens["refresh_token"]), app.trade(waiting)):
        assert refused.status_code == 400
        assert refused.json()["error"] == "unauthorized_client"
        assert "suspended" in refused.json()["error_description"]
    assert not suspending.suspend(olga, app.application, "again", now), "once is enough"
    assert list(Grant.objects.order_by("pk").values()) == before, "nothing is lost"
    assert suspending.let_in_again(olga, app.application, "Mended.", now)
    assert asks_the_api(tokens) == 200
    assert app.trade(waiting).status_code == 200
    assert app.refresh(tokens["refresh_token"]).status_code == 200


def test_whom_it_asks_is_told_plainly_and_sent_nowhere(
    app: App, olga: Member, now: datetime
) -> None:
    suspending.suspend(olga, app.application, REASON, now)
    for page in (app.ask(), app.answer()):
        said = page.content.decode()
        assert page.status_code == 400
        assert "Tide Table is suspended: whoever runs this site has stopped it" in said
        assert "Nothing was allowed" in said
        assert "app.example" not in said
        assert REASON not in said, "that is for its owner"
    assert not Grant.objects.exists()


def test_members_see_it_and_may_end_it_and_it_may_give_back(
    app: App, olga: Member, ada: Member, now: datetime
) -> None:
    tokens = app.tokens()
    suspending.suspend(olga, app.application, REASON, now)
    said = app.browser.get("/settings/applications/").content.decode()
    assert "it can do nothing in your name meanwhile" in said
    assert REASON not in said
    assert app.post("/oauth/revoke/", token=tokens["refresh_token"]).status_code == 200
    assert Grant.objects.get().end == Grant.End.APPLICATION
    suspending.let_in_again(olga, app.application, "Mended.", now)
    app.tokens()
    suspending.suspend(olga, app.application, REASON, now)
    assert grants.revoke(ada, app.application.client_id, now)


def test_its_owner_reads_why_and_it_is_on_record(
    app: App, olga: Member, mallory: Member, now: datetime
) -> None:
    at_mallory = Client()
    at_mallory.force_login(mallory)
    suspending.suspend(olga, app.application, REASON, now)
    suspending.let_in_again(olga, app.application, "Mended.", now + timedelta(hours=1))
    told = mallory.audit_entries.order_by("happened_at").values_list("event", "detail", "done_by")
    assert list(told)[-2:] == [
        (Event.APPLICATION_STOPPED, f"Tide Table: {REASON}", "operator"),
        (Event.APPLICATION_LET_IN, "Tide Table: Mended.", "operator"),
    ]
    acts = StaffAct.objects.order_by("done_at").values_list("what", "detail", "reason")
    named = f"Tide Table ({app.application.client_id})"
    assert list(acts) == [
        ("stopped_application", named, REASON),
        ("let_application_in", named, "Mended."),
    ]


def test_the_database_wants_a_reason(app: App, now: datetime) -> None:
    for wrong in ({"suspended_at": now}, {"suspended_for": "no day"}):
        with pytest.raises(IntegrityError, match="suspended_for_a_reason"), transaction.atomic():
            Application.objects.update(**wrong)
