"""What must not work, one by one (RFC 9700, RFC 6819): nothing is given, nobody sent away."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.applications import grants
from accounts.applications.models import Application, Grant
from tests.applications.conftest import CALLBACK, App, MakeApp


def _error(answer: Any) -> str:
    assert answer.status_code in (400, 401), answer.content
    assert answer["Cache-Control"] == "no-store"
    return str(answer.json()["error"])


TRADES: dict[str, tuple[dict[str, str], str]] = {
    "a wrong verifier": ({"code_verifier": "w" * 43}, "invalid_grant"),
    "no verifier": ({"code_verifier": ""}, "invalid_request"),
    "a verifier that is none": ({"code_verifier": "v v"}, "invalid_request"),
    "another redirect": ({"redirect_uri": "https://app.example/back"}, "invalid_grant"),
    "no redirect": ({"redirect_uri": ""}, "invalid_grant"),
    "a wrong secret": ({"client_secret": "ks_guess"}, "invalid_client"),
    "no secret": ({"client_secret": ""}, "invalid_client"),
    "an unknown client": ({"client_id": "nobody"}, "invalid_client"),
    "a client with a NUL": ({"client_id": "a\x00b"}, "invalid_client"),
    "a guessed code": ({"code": "guessed"}, "invalid_grant"),
    "the password grant": ({"grant_type": "password"}, "unsupported_grant_type"),
    "the client's own grant": ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    "no grant at all": ({"grant_type": ""}, "unsupported_grant_type"),
}


@pytest.mark.parametrize("attack", sorted(TRADES))
def test_no_token_for(app: App, attack: str) -> None:
    changed, error = TRADES[attack]
    assert _error(app.trade(app.back()["code"], **changed)) == error
    assert not Grant.objects.exclude(access_digest=None).exists()


def test_a_header_that_is_no_text_is_no_client(app: App) -> None:
    said = {"grant_type": "authorization_code", "code": "x"}
    answer = Client().post("/oauth/token/", said, headers={"Authorization": "Basic /////w=="})
    assert _error(answer) == "invalid_client"
    assert answer.status_code == 401


def test_a_code_used_twice_ends_what_came_of_it(app: App, now: Any) -> None:
    code = app.back()["code"]
    tokens = app.trade(code).json()
    assert _error(app.trade(code)) == "invalid_grant"
    assert grants.opened_by(tokens["access_token"], now) is None
    assert _error(app.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert "a code was used twice" in str(Grant.objects.get().get_end_display())


def test_a_code_is_good_for_a_minute(app: App) -> None:
    code = app.back()["code"]
    Grant.objects.update(code_expires_at=Grant.objects.get().given_at)
    assert _error(app.trade(code)) == "invalid_grant"
    assert timedelta(seconds=60) == grants.CODE_FOR


def test_a_code_and_a_token_are_good_for_their_own_application_only(
    app: App, make_app: MakeApp, now: Any
) -> None:
    other = make_app()
    code = app.back()["code"]
    assert _error(other.trade(code)) == "invalid_grant"
    tokens = app.trade(code).json()
    assert _error(other.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert other.post("/oauth/revoke/", token=tokens["access_token"]).status_code == 400
    assert grants.opened_by(tokens["access_token"], now), "nobody else ends it either"


def test_a_refresh_token_used_twice_ends_its_family(app: App, now: Any) -> None:
    first = app.tokens()
    second = app.refresh(first["refresh_token"]).json()
    assert _error(app.refresh(first["refresh_token"])) == "invalid_grant"
    assert _error(app.refresh(second["refresh_token"])) == "invalid_grant"
    assert grants.opened_by(second["access_token"], now) is None


def test_a_refresh_token_does_not_get_wider(app: App) -> None:
    tokens = app.tokens(scopes=["k:read"])
    answer = app.refresh(tokens["refresh_token"], scope="k:read score:read")
    assert _error(answer) == "invalid_scope"


def test_an_access_token_renews_nothing_and_a_refresh_token_opens_nothing(
    app: App, now: Any
) -> None:
    tokens = app.tokens()
    assert _error(app.refresh(tokens["access_token"])) == "invalid_grant"
    assert grants.opened_by(tokens["refresh_token"], now) is None


def test_a_refresh_token_ends_after_two_months_without_use(app: App, now: Any) -> None:
    tokens = app.tokens()
    Grant.objects.update(refresh_expires_at=now)
    assert _error(app.refresh(tokens["refresh_token"])) == "invalid_grant"


QUESTIONS: dict[str, dict[str, str]] = {
    "the implicit grant": {"response_type": "token"},
    "a type beyond ASCII": {"response_type": "cödé"},
    "no type": {"response_type": ""},
    "no challenge": {"code_challenge": "", "code_challenge_method": ""},
    "a plain challenge": {"code_challenge_method": "plain"},
    "a challenge without its method": {"code_challenge_method": ""},
    "a challenge that is none": {"code_challenge": "short"},
    "a scope that is not for applications": {"scope": "export"},
    "a scope nobody knows": {"scope": "score:read everything"},
    "no scope": {"scope": ""},
}


@pytest.mark.parametrize("attack", sorted(QUESTIONS))
def test_nobody_is_sent_away_for(app: App, attack: str) -> None:
    """An open redirector is what an attacker would make of answers by redirect."""
    page = app.ask(**QUESTIONS[attack])
    assert page.status_code == 400
    assert "Location" not in page
    said = page.content.decode()
    assert "http-equiv" not in said
    assert "Nothing was allowed" in said
    assert 'href="https://app.example/back?from=klout&amp;error=' in said, "a link is for who wants"
    assert "iss=http" in page.context["wrong"].way_back


LEADS = {
    "another path": "https://app.example/elsewhere",
    "more behind it": CALLBACK + "&more=1",
    "a host like it": "https://app.example.evil.example/back?from=klout",
    "a user in it": "https://app.example@evil.example/back?from=klout",
    "plain http": "http://app.example/back?from=klout",
    "another port": "https://app.example:8443/back?from=klout",
    "letters in another case": "https://app.example/BACK?from=klout",
    "a script": "javascript:alert(1)",
    "quotes": 'https://app.example/"><script>',
    "beyond ASCII": "https://äpp.example/back",
    "nothing": "",
}


@pytest.mark.parametrize("attack", sorted(LEADS))
def test_an_address_that_is_not_registered_is_shown_no_way_to(app: App, attack: str) -> None:
    page = app.ask(redirect_uri=LEADS[attack])
    assert page.status_code == 400
    said = page.content.decode()
    assert "did not register" in said
    assert "evil" not in said
    assert page.context["wrong"].way_back == ""


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state", "scope"])
def test_a_question_says_everything_once(app: App, name: str) -> None:
    query = app.ask().request["QUERY_STRING"]
    page = app.browser.get(f"/oauth/authorize/?{query}&{name}=another")
    assert page.status_code == 400


def test_an_application_that_is_gone_asks_nobody(app: App) -> None:
    Application.objects.all().delete()
    assert "No application of that name" in app.ask().content.decode()
    assert app.ask(client_id="a\x00b").status_code == 400


def test_the_page_is_framed_by_nobody_and_kept_nowhere(app: App) -> None:
    for page in (app.ask(), app.answer()):
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "same-origin"


def test_a_page_of_somebody_else_cannot_say_yes(app: App) -> None:
    """Whatever a browser brings along, without our form there is no consent."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = app.browser.cookies
    query = app.ask().request["QUERY_STRING"]
    said = {"answer": "yes", "scopes": ["k:read"]}
    assert strict.post(f"/oauth/authorize/?{query}", said).status_code == 403
    assert not Grant.objects.exists()


def test_who_signed_in_long_ago_proves_it_once_more(app: App, ada: Any) -> None:
    browser = Client()
    browser.force_login(ada)
    answer = browser.get("/oauth/authorize/", app.question())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/reauthenticate/")


def test_a_visitor_signs_in_first_and_the_question_waits(app: App) -> None:
    answer = Client().get("/oauth/authorize/", app.question(scope="nonsense"))
    assert answer["Location"].startswith("/account/login/?next=/oauth/authorize/")


def test_a_program_on_the_own_machine_takes_any_port(make_app: MakeApp) -> None:
    app = make_app(uris=("http://127.0.0.1/back",), is_confidential=False)
    page = app.ask(redirect_uri="http://127.0.0.1:54321/back")
    assert page.status_code == 200
    assert "127.0.0.1:54321" in page.content.decode()
    for other in (
        "http://127.0.0.1:54321/",
        "http://localhost:54321/back",
        "http://127.0.0.2/back",
    ):
        assert app.ask(redirect_uri=other).status_code == 400


@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth/revoke/"])
def test_secrets_in_an_address_are_not_taken(app: App, path: str) -> None:
    assert Client().get(path).status_code == 405
    query = f"client_id={app.application.client_id}&client_secret={app.secret}&token=x"
    answer = Client().post(f"{path}?{query}&grant_type=refresh_token&refresh_token=x")
    assert _error(answer) in ("unsupported_grant_type", "invalid_client")
