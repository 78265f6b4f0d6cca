"""How every call of the API of today is asked and answered, whatever it is about."""

import json
from datetime import datetime
from typing import Any

import pytest
import redis
from django.db import OperationalError
from django.test import Client

from accounts import api_keys, limits
from accounts.models import Member
from accounts.scopes import FOR_APPLICATIONS, OF_V3, Scope
from klout.api import quota
from klout.api.v3 import openapi, problems
from klout.api.v3.api import api
from klout.api.v3.calls import score as score_calls
from tests.api.v3.conftest import PREFIX, Ask, key_with, revoke_all

pytestmark = pytest.mark.django_db

CALLS = [
    (method, path, call)
    for path, calls in openapi.document(api)["paths"].items()
    for method, call in calls.items()
]
BY_NAME = pytest.mark.parametrize(
    ("method", "path", "call"), CALLS, ids=[call["operationId"] for _, _, call in CALLS]
)


def is_problem(answer: Any, kind: problems.Kind) -> bool:
    body = json.loads(answer.content)
    return (
        answer.status_code == kind.status == body["status"]
        and answer["Content-Type"] == problems.MEDIA_TYPE
        and body["type"].endswith(f"/api/v3/problems/{kind.slug}/")
        and bool(body["title"] and body["detail"])
    )


def somewhere(path: str) -> str:
    for name, value in {"{k}": "abc", "{step}": "1", "{note}": "1", "{export}": "1"}.items():
        path = path.replace(name, value)
    return path.replace("{name}", "grace")


@BY_NAME
def test_without_a_key_nothing_is_told_and_nothing_done(
    client: Client, method: str, path: str, call: dict[str, Any]
) -> None:
    answer = getattr(client, method)(somewhere(path))
    assert is_problem(answer, problems.NO_TOKEN)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@BY_NAME
def test_a_key_opens_what_its_scope_says_and_nothing_else(
    client: Client, ada: Member, method: str, path: str, call: dict[str, Any]
) -> None:
    (needed,) = call["security"][0]["bearer"] or [None]
    for scope in Scope if needed else ():
        headers = {"Authorization": f"Bearer {key_with(ada, scope)}"}
        answer = getattr(client, method)(somewhere(path), headers=headers)
        assert is_problem(answer, problems.NO_SCOPE) == (scope != needed), scope
        if scope != needed:
            assert answer.json()["scope"] == needed
        revoke_all(ada)


def test_the_cookie_of_a_browser_opens_nothing(client: Client, ada: Member) -> None:
    client.force_login(ada)
    assert is_problem(client.get(f"{PREFIX}/me"), problems.NO_TOKEN)
    assert is_problem(client.post(f"{PREFIX}/exports"), problems.NO_TOKEN)


@pytest.mark.parametrize("said", ["Basic {}", "{}", "Bearer", "Bearer  ", "Bearer {}x", "Bearer é"])
def test_only_a_whole_bearer_token_opens(client: Client, key: str, said: str) -> None:
    answer = client.get(f"{PREFIX}/me", headers={"Authorization": said.format(key)})
    assert is_problem(answer, problems.NO_TOKEN)


def test_a_key_in_the_address_is_not_taken(client: Client, key: str) -> None:
    assert is_problem(client.get(f"{PREFIX}/me?key={key}"), problems.NO_TOKEN)


def test_a_key_that_was_revoked_opens_nothing_from_that_moment(ask: Ask, ada: Member) -> None:
    assert ask("/me").status_code == 200
    revoke_all(ada)
    assert is_problem(ask("/me"), problems.NO_TOKEN)


def test_who_is_paused_has_keys_that_open_nothing(ask: Ask, ada: Member, now: datetime) -> None:
    Member.objects.filter(pk=ada.pk).update(paused_at=now)
    assert is_problem(ask("/me"), problems.NO_TOKEN)


def test_a_key_of_old_keeps_its_rights_and_gets_no_others(client: Client, ada: Member) -> None:
    old = key_with(ada, Scope.LOOK_UP)
    headers = {"Authorization": f"Bearer {old}"}
    assert client.get(f"{PREFIX}/me", headers=headers).json()["scopes"] == ["look_up"]
    assert is_problem(client.get(f"{PREFIX}/score", headers=headers), problems.NO_SCOPE)


def test_a_key_of_today_does_not_open_the_api_of_old(client: Client, key: str) -> None:
    assert client.get("/v2/user.json/1", {"key": key}).status_code == 403


def test_an_application_cannot_ask_for_everything_at_once() -> None:
    assert set(OF_V3) - set(FOR_APPLICATIONS) == {Scope.EXPORT}


def test_no_log_has_the_key(ask: Ask, key: str, capfd: Any, caplog: Any) -> None:
    ask("/nothing")
    ask("/k/gifts", {"to": 1})
    said = "".join(capfd.readouterr()) + caplog.text
    assert "/api/v3/nothing" in said
    assert key not in said


# --- What goes wrong -----------------------------------------------------------------------------


def test_an_address_that_is_not_there(ask: Ask) -> None:
    for path in ("/", "/nothing", "/k/gifts/a%00b/1", "/k/gifts/abc/x", "/docs/x"):
        assert is_problem(ask(path), problems.NOT_FOUND), path


def test_a_method_that_is_not_answered_names_those_that_are(ask: Ask) -> None:
    answer = ask("/score", method="put")
    assert is_problem(answer, problems.NO_METHOD)
    assert answer["Allow"] == "GET"


def test_a_body_that_cannot_be_read(ask: Ask, client: Client, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    post = f"{PREFIX}/mind"
    broken = client.post(post, "{", content_type="application/json", headers=headers)
    assert is_problem(broken, problems.BAD_REQUEST)
    form = client.post(post, {"handle": "@grace@example.org"}, headers=headers)
    assert is_problem(form, problems.NO_JSON)
    large = client.post(post, b" " * 70_000, content_type="application/json", headers=headers)
    assert is_problem(large, problems.TOO_LARGE)


def test_what_is_wrong_in_a_body_is_said_by_its_place(ask: Ask) -> None:
    answer = ask("/k/gifts", {"to": "", "words": "x" * 501, "more": 1})
    assert is_problem(answer, problems.INVALID)
    wrong = {(one["in"], one["name"]) for one in answer.json()["errors"]}
    assert wrong == {("body", "to"), ("body", "words"), ("body", "more")}
    link = ask("/k/gifts", {"to": "@grace@example.org", "link": "http://a@b.example"})
    assert [one["name"] for one in link.json()["errors"]] == ["link"]


def test_what_breaks_is_told_without_how(
    ask: Ask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the secret of it")

    monkeypatch.setattr(score_calls.selectors, "latest_moments", broken)
    client.raise_request_exception = False
    answer = ask("/score/moments")
    assert is_problem(answer, problems.BROKEN)
    assert b"secret" not in answer.content
    assert answer["X-Request-ID"]


def test_while_the_database_is_away_it_says_so(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(score_calls.selectors, "latest_moments", away)
    answer = ask("/score/moments")
    assert is_problem(answer, problems.AWAY)
    assert answer["Retry-After"]


def test_a_host_that_is_not_ours(client: Client) -> None:
    answer = client.get(f"{PREFIX}/me", headers={"host": "elsewhere.example"})
    assert is_problem(answer, problems.BAD_REQUEST)


def test_a_problem_is_told_in_the_language_that_is_asked_for(ask: Ask, client: Client) -> None:
    for answer in (
        ask("/profiles/nobody", headers={"Accept-Language": "de"}),
        client.get(f"{PREFIX}/nothing", headers={"Accept-Language": "de"}),
    ):
        assert is_problem(answer, problems.NOT_FOUND)
    sonobuoy = ask("/sonobuoy", headers={"Accept-Language": "de"})
    assert sonobuoy["Content-Language"] == "de"


def test_where_no_language_is_asked_for_the_members_own_is_spoken(ask: Ask, scored: Member) -> None:
    Member.objects.filter(pk=scored.pk).update(language="de")
    answer = ask("/sonobuoy")
    assert answer["Content-Language"] == "de"
    assert answer.json()["items"][0]["label"] != "still learning"


@pytest.mark.parametrize("kind", problems.KINDS, ids=[kind.slug for kind in problems.KINDS])
def test_the_type_of_a_problem_leads_to_a_page(
    client: Client, kind: problems.Kind, settings: Any
) -> None:
    page = client.get(kind.type.removeprefix(settings.BASE_URL))
    assert page.status_code == 200
    assert str(kind.title) in page.content.decode()


# --- What programs need besides -------------------------------------------------------------------


def test_who_has_the_answer_already_is_told_so(ask: Ask, ada: Member) -> None:
    first = ask("/me")
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    again = ask("/me", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    Member.objects.filter(pk=ada.pk).update(name="Ada Lovelace")
    assert ask("/me", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_head_is_get_without_the_body(ask: Ask) -> None:
    answer = ask("/me", method="head")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["ETag"] == ask("/me")["ETag"]


def test_programs_in_browsers_may_ask_from_anywhere(ask: Ask, client: Client) -> None:
    origin = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    before = client.options(f"{PREFIX}/k/gifts", headers=origin)
    assert before.status_code == 204
    assert "Authorization" in before["Access-Control-Allow-Headers"]
    for answer in (before, ask("/me"), ask("/nothing"), client.get(f"{PREFIX}/openapi.json")):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


def test_each_answer_says_what_is_left(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "PER_DAY", 2)
    answers = [ask("/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    left = [answer["RateLimit"].partition('"day";r=')[2].partition(";")[0] for answer in answers]
    assert left == ["1", "0", "0"]
    assert is_problem(answers[2], problems.TOO_MANY)
    assert 0 < int(answers[2]["Retry-After"]) <= quota.DAY_SECONDS
    assert "RateLimit-Policy" in answers[2]


def test_the_api_of_old_and_of_today_count_together(
    client: Client, ada: Member, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "PER_SECOND", 1000)
    monkeypatch.setattr(quota, "PER_DAY", 2)
    key = api_keys.make_key(ada, "both", [Scope.LOOK_UP, Scope.SCORE_READ], now)
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/v2/user.json/1", {"key": key}).status_code == 404
    assert client.get(f"{PREFIX}/me", headers=headers).status_code == 200
    assert client.get("/v2/user.json/1", {"key": key}).status_code == 403
    assert client.get(f"{PREFIX}/me", headers=headers).status_code == 429


def test_without_redis_ones_own_things_go_on_and_those_of_others_do_not(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(limits, "_script", lambda: away)
    monkeypatch.setattr(quota, "_scripts", lambda: (away, away))
    own = ask("/me")
    assert own.status_code == 200
    assert "RateLimit" not in own
    assert is_problem(ask("/profiles/grace"), problems.AWAY)
