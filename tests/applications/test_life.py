"""The life of a grant: asked for, agreed to, used, renewed, ended."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import leaving, pausing
from accounts.applications import grants, services
from accounts.applications.models import Application, Grant
from accounts.audit import Event
from accounts.models import Member
from accounts.personal_data import provider
from klout.logs import without_secrets
from tests.applications.conftest import App, MakeApp
from tests.at_once import at_once
from tests.factories import make_account, make_application, make_score, make_webhook


def opens(tokens: dict[str, Any], now: datetime) -> set[str]:
    grant = grants.opened_by(tokens["access_token"], now)
    return set(grant.access_scopes) if grant else set()


def test_a_member_reads_what_is_asked_and_by_whom(app: App) -> None:
    page = app.ask()
    said = page.content.decode()
    assert page.status_code == 200
    asks = ("Tide Table", "Read your score", "Read your K", "app.example", "not looked at it")
    assert all(words in said for words in asks)
    assert "Give, pass on" not in said
    assert "mallory" not in said.lower(), "who made it is nobody's business"


def test_an_answer_leads_back_with_a_code_the_state_and_our_name(app: App, settings: Any) -> None:
    back = app.back()
    assert back["state"] == "a state"
    assert back["iss"] == settings.BASE_URL
    assert back["from"] == "klout", "what the address had before stays"
    tokens = app.trade(back["code"]).json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["scope"] == "score:read k:read"
    assert tokens["expires_in"] == 1800


def test_no_leads_back_with_no(app: App, settings: Any) -> None:
    assert app.back(answer="no") == {
        "from": "klout",
        "error": "access_denied",
        "state": "a state",
        "iss": settings.BASE_URL,
    }
    assert not Grant.objects.exists()


def test_a_member_gives_less_than_was_asked(app: App, now: datetime) -> None:
    tokens = app.tokens(scopes=["k:read"])
    assert tokens["scope"] == "k:read"
    assert opens(tokens, now) == {"k:read"}
    assert app.answer(scopes=["k:give"]).status_code == 422, "not asked for, so not to be given"


def test_a_token_opens_for_half_an_hour_and_is_renewed(app: App, ada: Member) -> None:
    tokens = app.tokens()
    given = Grant.objects.get(member=ada)
    later = given.given_at + timedelta(minutes=29)
    assert opens(tokens, later) == {"score:read", "k:read"}
    assert opens(tokens, later + timedelta(minutes=2)) == set()
    renewed = app.refresh(tokens["refresh_token"]).json()
    assert opens(renewed, later) == {"score:read", "k:read"}
    assert opens(tokens, later) == set(), "the one before opens nothing any more"
    assert Grant.objects.get(pk=given.pk).last_used_on == later.date()


def test_a_renewed_token_may_open_less_and_the_next_one_all_again(app: App, now: datetime) -> None:
    tokens = app.refresh(app.tokens()["refresh_token"], scope="k:read").json()
    assert opens(tokens, now) == {"k:read"}
    assert opens(app.refresh(tokens["refresh_token"]).json(), now) == {"score:read", "k:read"}


def test_a_consent_ends_however_often_it_is_renewed(
    app: App, ada: Member, settings: Any, now: datetime
) -> None:
    settings.GRANT_DAYS = 90
    page = app.ask()
    assert "It ends by itself on" in page.content.decode()
    first = app.tokens()
    given = Grant.objects.get()
    assert given.ends_at == given.given_at + timedelta(days=90)

    def renewed(token: str, on: datetime) -> grants.Tokens | None:
        with transaction.atomic():
            grant = grants.by_refresh_token(token, app.application, on)
            return grants.new_tokens(grant, grant.scopes, on) if grant else None

    middle = renewed(first["refresh_token"], given.given_at + timedelta(days=50))
    assert middle
    last = renewed(middle.refresh, given.ends_at - timedelta(minutes=10))
    assert last
    assert grants.opened_by(last.access, given.ends_at - timedelta(seconds=1))
    assert grants.opened_by(last.access, given.ends_at) is None, "nor for its half hour"
    assert renewed(last.refresh, given.ends_at) is None
    assert [one.ends_at for one in services.let_in_by(ada, now)] == [given.ends_at]
    assert services.let_in_by(ada, given.ends_at) == []
    assert app.tokens(), "the member may be asked again"


def test_a_token_outlives_no_consent(app: App) -> None:
    app.tokens()
    late = Grant.objects.get().ends_at + timedelta(seconds=1)
    for name in ("access_expires_at", "refresh_expires_at"):
        with pytest.raises(IntegrityError, match="grant_tokens_end_with_it"), transaction.atomic():
            Grant.objects.update(**{name: late})


def test_what_runs_on_devices_needs_no_secret(device_app: App, now: datetime) -> None:
    tokens = device_app.tokens()
    assert opens(device_app.refresh(tokens["refresh_token"]).json(), now)


def test_a_secret_may_come_as_basic(app: App) -> None:
    from base64 import b64encode

    pair = b64encode(f"{app.application.client_id}:{app.secret}".encode()).decode()
    code = app.back()["code"]
    app_id, app.application.client_id, app.secret = app.application.client_id, "", ""
    said = {"grant_type": "authorization_code", "code": code, "code_verifier": "v" * 43}
    said["redirect_uri"] = "https://app.example/back?from=klout"
    answer = Client().post("/oauth/token/", said, headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 200, app_id


def test_a_token_asks_the_api_as_far_as_its_scopes_go(app: App, ada: Member, now: datetime) -> None:
    make_score(ada, now, [make_account(ada, now)])
    tokens = app.tokens(scopes=["score:read"])

    def ask(path: str) -> Any:
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        return Client().get(f"/api/v3/{path}", headers=headers)

    assert ask("score").json()["score"] == 31.0
    assert ask("me").json()["scopes"] == ["score:read"]
    refused = ask("k/purse")
    assert refused.status_code == 403
    assert 'error="insufficient_scope", scope="k:read"' in refused["WWW-Authenticate"]
    grants.revoke(ada, app.application.client_id, now)
    assert ask("score").status_code == 401


def test_an_application_gives_back_what_it_was_allowed(app: App, now: datetime) -> None:
    tokens = app.tokens()
    assert app.post("/oauth/revoke/", token=tokens["refresh_token"]).status_code == 200
    assert opens(tokens, now) == set()
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert app.post("/oauth/revoke/", token="unknown").status_code == 200


@pytest.mark.parametrize("who", ["ada", "mallory"])
@pytest.mark.parametrize("out", ["paused", "suspended", "leaving"])
def test_who_takes_no_part_ends_it_at_once(
    app: App, ada: Member, mallory: Member, now: datetime, out: str, who: str
) -> None:
    """The member who let it in, and the one who answers for the application."""
    tokens = app.tokens()
    member = {"ada": ada, "mallory": mallory}[who]
    changed: dict[str, Any] = {"paused_at": now} if out == "paused" else {"is_active": False}
    if out == "leaving":
        changed = {"erase_at": now + leaving.UNDO_FOR}
    Member.objects.filter(pk=member.pk).update(**changed)
    assert opens(tokens, now) == set()
    assert app.refresh(tokens["refresh_token"]).status_code in (400, 401)


def test_after_a_pause_it_goes_on(app: App, ada: Member, now: datetime) -> None:
    tokens = app.tokens()
    pausing.pause(ada, now)
    pausing.resume(ada, now)
    assert opens(tokens, now) == {"score:read", "k:read"}


def test_a_paused_member_is_told_so(app: App, ada: Member, now: datetime) -> None:
    pausing.pause(ada, now)
    page = app.ask()
    assert page.status_code == 400
    assert "paused" in page.content.decode()


def test_the_member_ends_it_on_the_page(app: App, now: datetime) -> None:
    tokens = app.tokens()
    page = app.browser.get("/settings/applications/").content.decode()
    assert "Tide Table" in page
    assert "never used" in page
    path = f"/settings/applications/{app.application.client_id}/revoke/"
    assert app.browser.post(path).status_code == 302
    assert opens(tokens, now) == set()
    assert "Tide Table" not in app.browser.get("/settings/applications/").context["let_in"]


def test_everything_is_in_the_trail_and_in_the_export_and_no_secret_is(
    app: App, ada: Member, now: datetime
) -> None:
    tokens = app.tokens()
    app.refresh(tokens["refresh_token"])
    grants.revoke(ada, app.application.client_id, now)
    events = list(ada.audit_entries.values_list("event", flat=True))
    assert {Event.ACCESS_GIVEN, Event.ACCESS_ENDED} <= set(events)
    told = str(provider.export(ada)) + str(provider.export(app.application.owner))
    assert "Tide Table" in told
    kept = str([grant.__dict__ for grant in Grant.objects.all()])
    kept += str([one.__dict__ for one in Application.objects.all()])
    for secret in (tokens["access_token"], tokens["refresh_token"], app.secret):
        assert secret not in told + kept


def test_what_a_stranger_set_up_before_the_owner_came_ends(
    app: App, ada: Member, now: datetime
) -> None:
    """See tests/security/test_02_pre_hijacking.py for when."""
    tokens = app.tokens()
    make_application(ada, now)
    make_webhook(ada, now)
    provider.withdraw(ada, now)
    assert opens(tokens, now) == set()
    assert not ada.applications.exists()
    assert not ada.webhooks.exists()


def test_no_token_is_in_a_log() -> None:
    for said in ("grant_type=x&refresh_token=kr_a.b&code=c1", '{"access_token": "ka_1"}'):
        event: Any = without_secrets(None, "", {"event": said})["event"]
        assert not any(secret in event for secret in ("kr_a", "c1", "ka_1"))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_trade_one_code_at_once_one_gets_tokens_and_they_end(app: App) -> None:
    code = app.back()["code"]
    answers = at_once(*[lambda: app.trade(code)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert Grant.objects.get().end == Grant.End.REPLAY


@pytest.mark.django_db(transaction=True)
def test_of_many_who_renew_with_one_token_at_once_one_gets_tokens_and_they_end(app: App) -> None:
    token = app.tokens()["refresh_token"]
    answers = at_once(*[lambda: app.refresh(token)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert Grant.objects.get().end == Grant.End.REUSE


def test_the_oldest_of_too_many_ends(
    app: App, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "GRANTS_AT_MOST", 2)
    first, second, third = app.tokens(), app.tokens(), app.tokens()
    assert [bool(opens(tokens, now)) for tokens in (first, second, third)] == [False, True, True]
    assert "let in 2 times" in app.browser.get("/settings/applications/").content.decode()


def test_what_is_over_is_forgotten(app: App, ada: Member, now: datetime) -> None:
    app.back()
    tokens = app.tokens()
    grants.forget_over(now + timedelta(minutes=3))
    assert Grant.objects.count() == 1, "a code that nobody came for"
    grants.forget_over(now + grants.REFRESH_FOR)
    assert Grant.objects.exists()
    assert app.refresh(tokens["refresh_token"]).status_code == 200
    grants.forget_over(now + grants.REFRESH_FOR + grants.KEPT + timedelta(minutes=5))
    assert not Grant.objects.exists()


def test_the_list_asks_as_often_for_many_as_for_one(
    make_app: MakeApp, django_assert_num_queries: Any, ada: Member
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.applications.services import let_in_by

    counts = []
    for _ in range(2):
        make_app().tokens()
        with CaptureQueriesContext(connection) as asked:
            assert let_in_by(ada, timezone.now())
        counts.append(len(asked))
    assert counts[0] == counts[1]
