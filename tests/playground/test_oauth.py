"""Registration, consent, codes, tokens: what is given, and what is refused."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.playground_server import (
    REDIRECT_URI,
    START,
    authorize_params,
    consent,
    exchange,
    fields,
    pkce,
    register,
)

VERIFY = "/api/v1/accounts/verify_credentials"


@pytest.fixture
def app(playground):
    return register(playground)


@pytest.fixture
def given(playground, app):
    """A fresh code of ada's and the verifier that goes with it."""
    verifier, challenge = pkce()
    answer = _answer(consent(playground, app, "ada", "read profile", challenge))
    assert answer["state"] == "kept"
    return answer["code"], verifier


def _answer(address: str) -> dict[str, str]:
    assert address.startswith(REDIRECT_URI)
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def _ask(playground, app, **changes):
    params = authorize_params(app, "read", pkce()[1]) | changes
    return requests.get(
        f"{playground.base_url}/oauth/authorize",
        params={name: value for name, value in params.items() if value is not None},
        timeout=10,
        allow_redirects=False,
    )


def test_somebody_consents_and_the_token_knows_them(playground, app, given):
    token = exchange(playground, app, *given).json()
    assert token["token_type"] == "Bearer"
    assert token["scope"] == "read profile"
    assert playground.get(VERIFY, token["access_token"]).json()["acct"] == "ada"


def test_the_consent_page_lists_what_is_asked_for(playground):
    browser = requests.Session()
    scopes = "read:accounts read:notifications"
    params = authorize_params(register(playground, scopes), scopes, pkce()[1])
    page = browser.get(f"{playground.base_url}/oauth/authorize", params=params, timeout=10)
    assert "Who do you want to be?" in page.text
    form = fields(page.text) | {"person": "tomas"}
    page = browser.post(f"{playground.base_url}/sign-in", data=form, timeout=10)
    for words in ("Tests asks for access", "Tomás Reyes", "read:notifications", "localhost:8000"):
        assert words in page.text
    assert "form-action 'self' http://localhost:8000;" in page.headers["Content-Security-Policy"]


def test_force_login_asks_who_one_is_again(playground, app):
    browser = requests.Session()
    params = authorize_params(app, "read", pkce()[1])
    page = browser.get(f"{playground.base_url}/oauth/authorize", params=params, timeout=10)
    form = fields(page.text) | {"person": "tomas"}
    browser.post(f"{playground.base_url}/sign-in", data=form, timeout=10)
    params["force_login"] = "true"
    page = browser.get(f"{playground.base_url}/oauth/authorize", params=params, timeout=10)
    assert "Who do you want to be?" in page.text
    form = fields(page.text) | {"person": "grace"}
    page = browser.post(f"{playground.base_url}/sign-in", data=form, timeout=10)
    assert "Grace Oduya" in page.text


def test_a_refusal_goes_back_as_access_denied(playground, app):
    address = consent(playground, app, "ada", "read", pkce()[1], decision="deny")
    answer = _answer(address)
    assert answer["error"] == "access_denied"
    assert answer["state"] == "kept"
    assert "code" not in answer


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{REDIRECT_URI}more"},
        {"redirect_uri": None},
    ],
)
def test_an_unknown_client_or_address_is_never_redirected_to(playground, app, change):
    answer = _ask(playground, app, **change)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "nothing was sent back" in answer.text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "read admin:write"}, "invalid_scope"),
        ({"scope": "push"}, "invalid_scope"),
        ({"scope": "read:accounts"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_what_else_is_wrong_is_told_to_the_client(playground, app, change, error):
    answer = _ask(playground, app, **change)
    assert answer.status_code == 302
    assert _answer(answer.headers["Location"])["error"] == error


def test_a_wrong_verifier_gets_nothing_and_spoils_nothing(playground, app, given):
    code, verifier = given
    for wrong in ("", "short", pkce()[0]):
        answer = exchange(playground, app, code, wrong)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert exchange(playground, app, code, verifier).status_code == 200


def test_a_code_is_good_once(playground, app, given):
    assert exchange(playground, app, *given).status_code == 200
    answer = exchange(playground, app, *given)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_good_for_ten_minutes(playground, app, given):
    playground.set_now(START + timedelta(minutes=10, seconds=1))
    answer = exchange(playground, app, *given)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_good_for_its_client_and_address_only(playground, app, given):
    other = register(playground)
    assert exchange(playground, other, *given).json()["error"] == "invalid_grant"
    elsewhere = exchange(playground, app, *given, redirect_uri="http://localhost:8000/")
    assert elsewhere.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": ""}, 400, "invalid_request"),
        ({"code": "made up"}, 400, "invalid_grant"),
    ],
)
def test_a_bad_exchange_is_refused_with_its_reason(playground, app, given, change, status, error):
    answer = exchange(playground, app, *given, **change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_the_client_may_show_its_secret_in_the_header(playground, app, given):
    code, verifier = given
    answer = requests.post(
        f"{playground.base_url}/oauth/token",
        json={
            "grant_type": "authorization_code",
            "redirect_uri": REDIRECT_URI,
            "code": code,
            "code_verifier": verifier,
        },
        auth=(app["client_id"], app["client_secret"]),
        timeout=10,
    )
    assert answer.status_code == 200


def test_an_app_may_have_a_token_of_its_own(playground, app):
    wanted = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    token = playground.post("/oauth/token", grant_type="client_credentials", **wanted).json()
    own = playground.get("/api/v1/apps/verify_credentials", token["access_token"])
    assert own.json()["name"] == "Tests"
    answer = playground.get(VERIFY, token["access_token"])
    assert answer.status_code == 422
    assert answer.json() == {"error": "This method requires an authenticated user"}


def test_a_revoked_token_is_refused(playground, app, given):
    token = exchange(playground, app, *given).json()["access_token"]
    wanted = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    assert playground.post("/oauth/revoke", token=token, **wanted).json() == {}
    answer = playground.get(VERIFY, token)
    assert (answer.status_code, answer.json()) == (401, {"error": "The access token was revoked"})
    assert playground.post("/oauth/revoke", token=token, **wanted).status_code == 200


def test_another_client_cannot_revoke_it(playground, app, given):
    token = exchange(playground, app, *given).json()["access_token"]
    other = register(playground)
    answer = playground.post(
        "/oauth/revoke",
        token=token,
        client_id=other["client_id"],
        client_secret=other["client_secret"],
    )
    assert answer.status_code == 403
    assert playground.get(VERIFY, token).status_code == 200


@pytest.mark.parametrize("token", ["", "made-up"])
def test_without_a_good_token_nothing_private_is_told(playground, token):
    for path in (VERIFY, "/api/v1/notifications"):
        answer = playground.get(path, token)
        assert answer.status_code == 401
        assert answer.json() == {"error": "The access token is invalid"}


def test_a_token_opens_only_what_was_granted(playground):
    token = playground.sign_in("ada", "read:accounts")
    assert playground.get(VERIFY, token).status_code == 200
    for answer in (
        playground.get("/api/v1/notifications", token),
        playground.post("/api/v1/statuses", token, status="hello"),
    ):
        assert answer.status_code == 403
        assert answer.json() == {"error": "This action is outside the authorized scopes"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_name": ""}, "name can't be blank"),
        ({"redirect_uris": ""}, "Redirect URI can't be blank"),
        ({"redirect_uris": "/relative"}, "must be an absolute URI"),
        ({"redirect_uris": "javascript://x/"}, "must be an absolute URI"),
        ({"scopes": "everything"}, "Scopes"),
    ],
)
def test_a_bad_registration_is_refused_with_its_reason(playground, change, words):
    wanted = {"client_name": "Tests", "redirect_uris": REDIRECT_URI, "scopes": "read"} | change
    answer = playground.post("/api/v1/apps", **wanted)
    assert answer.status_code == 422
    assert words in answer.json()["error"]


def test_an_app_may_register_in_json_with_several_addresses(playground):
    addresses = [REDIRECT_URI, "urn:ietf:wg:oauth:2.0:oob"]
    body = {"client_name": "J", "redirect_uris": addresses, "scopes": "read:accounts"}
    answer = requests.post(f"{playground.base_url}/api/v1/apps", json=body, timeout=10)
    assert answer.json()["redirect_uris"] == addresses
    assert answer.json()["scopes"] == ["read:accounts"]


def test_broken_json_is_answered_with_an_error(playground):
    for path in ("/api/v1/apps", "/oauth/token", "/oauth/revoke"):
        answer = requests.post(
            playground.base_url + path,
            data="{",
            headers={"Content-Type": "application/json"},
            timeout=10,
        )
        assert answer.status_code == 400
        assert answer.json()["error"]
