"""On the way to consent and back: identities that lie, servers that change, keys and nonces."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Credentials,
    Destination,
    Permanent,
    Setup,
    Transient,
)
from networks.connectors.bluesky import BlueskyConnector
from networks.connectors.bluesky.authorization import SCOPES
from networks.http import Door
from tests.connectors.contract import CHALLENGE, STATE, VERIFIER
from tests.connectors.fake_bluesky import FakeBluesky, did_of, said

REDIRECT = "http://localhost:8000/networks/callback/bluesky/bsky.app/"
ADA = did_of("ada")


@pytest.fixture
def connector(bluesky: FakeBluesky) -> BlueskyConnector:
    """On somebody's own machine."""
    door = Door(bluesky.names, resolve=lambda _name, _seconds: [])
    return BlueskyConnector(door, Setup("http://localhost:8000", bluesky.options))


@pytest.fixture
def app(connector) -> AppRegistration:
    return connector.register("bsky.app", REDIRECT)


def ask(connector, app, login="ada.example"):
    return connector.ask_consent(Destination("bsky.app", login), app, REDIRECT, STATE, CHALLENGE)


def link(bluesky, connector, app, now, login="ada.example") -> Credentials:
    consent = ask(connector, app, login)
    code = bluesky.consent(consent.url)
    return connector.exchange("bsky.app", app, REDIRECT, code, VERIFIER, consent.kept, now)


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        ("ada.bsky.social", "ada.bsky.social"),
        (" @Ada.Bsky.Social ", "ada.bsky.social"),
        ("\u202a@ada.bsky.social\u202c", "ada.bsky.social"),
        ("https://bsky.app/profile/ada.example", "ada.example"),
        ("https://bsky.app/profile/ada.example/post/3k", "ada.example"),
        ("at://ada.example", "ada.example"),
        ("mañana.example", "xn--maana-pta.example"),
        (ADA, ADA),
        (f"https://bsky.app/profile/{ADA}", ADA),
        ("did:web:ada.example", "did:web:ada.example"),
    ],
)
def test_a_handle_is_understood_however_it_is_written(connector, typed, login):
    assert connector.find(typed) == Destination("bsky.app", login)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ada", "like ada.bsky.social"),
        ("ada@example.com", "e-mail address"),
        ("did:key:z6Mk", "is not a handle"),
        ("did:plc:short", "is not a handle"),
        ("x" * 400, "not a whole handle"),
    ],
)
def test_what_is_no_handle_is_said_to_be_none(connector, typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        connector.find(typed)


def test_on_this_machine_the_name_of_the_client_says_it_all(app):
    query = parse_qs(urlsplit(app.client_id).query)
    assert app.client_id.startswith("http://localhost?")
    assert query["redirect_uri"] == [REDIRECT.replace("localhost", "127.0.0.1")]
    assert query["scope"] == [SCOPES]
    assert app.client_secret == ""
    assert len(app.client_id) <= 300


def test_a_loopback_client_links_by_handle_and_by_did(bluesky, connector, app, now):
    for login in ("ada.example", ADA):
        credentials = link(bluesky, connector, app, now, login)
        assert credentials.extra["did"] == ADA
        assert credentials.expires_at == now + timedelta(hours=1)
        identity = connector.identify("bsky.app", credentials)
        assert (identity.remote_id, identity.person.handle) == (ADA, "@ada.example")


def test_the_answer_must_name_the_server_that_was_asked(bluesky, connector, app):
    consent = ask(connector, app)
    assert (consent.issuer, consent.needs_issuer) == (bluesky.entryway.host, True)
    assert bluesky.asked_for(consent.url)["login_hint"] == "ada.example"


def test_a_handle_that_the_account_does_not_name_is_refused(bluesky, connector, app):
    grace = bluesky.world.joins("grace")
    bluesky.answers["/xrpc/com.atproto.identity.resolveHandle"] = said({"did": grace})
    with pytest.raises(Permanent) as caught:
        ask(connector, app)
    assert caught.value.code == "no_such_handle"


def test_a_handle_that_nobody_has_is_said_to_be_unknown(connector, app):
    with pytest.raises(Permanent) as caught:
        ask(connector, app, "nobody.invalid")
    assert caught.value.code == "no_such_handle"


def test_an_account_that_is_gone_is_said_to_be_unknown(connector, app):
    with pytest.raises(Permanent) as caught:
        ask(connector, app, did_of("nobody"))
    assert caught.value.code == "no_such_handle"


@pytest.mark.parametrize(
    "document",
    [
        {"id": did_of("grace")},
        {"id": ADA, "alsoKnownAs": ["at://ada.example"]},
        {"id": ADA, "service": [{"id": "#atproto_pds", "serviceEndpoint": "http://10.0.0.1"}]},
        {"id": ADA, "service": [{"id": "#atproto_pds", "serviceEndpoint": "https://a.b/path"}]},
        {"id": ADA, "service": [[], None, {"id": 4}]},
    ],
)
def test_a_document_that_is_not_whole_leads_nowhere(bluesky, connector, app, document):
    bluesky.bend = lambda path, value: document if path == "document" else value
    with pytest.raises(Transient) as caught:
        ask(connector, app, ADA)
    assert caught.value.code == "garbage"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/.well-known/oauth-protected-resource", {"authorization_servers": []}),
        ("/.well-known/oauth-protected-resource", {"authorization_servers": ["http://evil.com"]}),
        ("/.well-known/oauth-protected-resource", {"resource": "https://elsewhere.example"}),
        ("/.well-known/oauth-authorization-server", {"issuer": "https://elsewhere.example"}),
        ("/.well-known/oauth-authorization-server", {"token_endpoint": "javascript:alert(1)"}),
        ("/.well-known/oauth-authorization-server", {"authorization_endpoint": "http://a.b/"}),
        ("/.well-known/oauth-authorization-server", {"authorization_endpoint": "https://["}),
    ],
)
def test_servers_that_do_not_vouch_for_each_other_lead_nowhere(
    bluesky, connector, app, path, change
):
    bluesky.bend = lambda asked, value: value | change if asked == path else value
    with pytest.raises(Transient) as caught:
        ask(connector, app)
    assert caught.value.code == "garbage"


def test_consent_from_another_account_links_nothing(bluesky, connector, app, now):
    bluesky.subject = bluesky.world.joins("grace")
    with pytest.raises(Permanent) as caught:
        link(bluesky, connector, app, now)
    assert caught.value.code == "other_account"


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"token_type": "Bearer"}, Transient, "garbage"),
        ({"access_token": "two words"}, Transient, "garbage"),
        ({"refresh_token": "two words"}, Transient, "garbage"),
        ({"sub": None}, Transient, "garbage"),
        ({"scope": "atproto"}, Permanent, "too_little_access"),
    ],
)
def test_a_token_that_is_not_what_was_asked_for_is_refused(
    bluesky, connector, app, now, change, error, code
):
    bluesky.bend = lambda path, value: value | change if path == "/oauth/token" else value
    with pytest.raises(error) as caught:
        link(bluesky, connector, app, now)
    assert caught.value.code == code


def test_a_refresh_token_serves_once_and_the_key_stays(bluesky, connector, app, now):
    first = link(bluesky, connector, app, now)
    second = connector.refresh("bsky.app", app, first, now)
    assert second.extra == first.extra
    assert second.refresh_token != first.refresh_token
    with pytest.raises(AccessRevoked):
        connector.identify("bsky.app", first)
    assert connector.identify("bsky.app", second).remote_id == ADA
    with pytest.raises(AccessRevoked):
        connector.refresh("bsky.app", app, first, now)
    with pytest.raises(AccessRevoked):
        # That one came twice ended everything that came of it.
        connector.identify("bsky.app", second)


def test_a_server_that_is_out_of_order_costs_no_consent(bluesky, connector, app, now):
    credentials = link(bluesky, connector, app, now)
    bluesky.answers["/oauth/token"] = said({"error": "temporarily_unavailable"}, 400)
    with pytest.raises(Transient):
        connector.refresh("bsky.app", app, credentials, now)


def test_each_link_has_a_key_of_its_own(bluesky, connector, app, now):
    first, second = (link(bluesky, connector, app, now) for _ in range(2))
    assert first.extra["key"] != second.extra["key"]
    assert first.extra["key"] not in repr(first)
    mixed = Credentials(first.access_token, extra=second.extra)
    with pytest.raises(AccessRevoked):
        connector.identify("bsky.app", mixed)


def test_a_new_nonce_is_taken_up_at_once(bluesky, connector, app, now):
    credentials = link(bluesky, connector, app, now)
    for nonce in ("one", "two"):
        bluesky.nonce = nonce
        assert connector.identify("bsky.app", credentials).remote_id == ADA


def test_a_server_that_asks_for_a_nonce_for_ever_is_asked_twice(bluesky, connector, app, now):
    credentials = link(bluesky, connector, app, now)
    path = "/xrpc/com.atproto.server.getServiceAuth"
    headers = {"DPoP-Nonce": "again", "WWW-Authenticate": 'DPoP error="use_dpop_nonce"'}
    bluesky.answers[path] = said({"error": "use_dpop_nonce"}, 401, **headers)
    bluesky.asked.clear()
    with pytest.raises(AccessRevoked):
        connector.identify("bsky.app", credentials)
    assert [asked for asked, _ in bluesky.asked].count(path) == 2


def test_an_account_that_moves_within_its_operator_is_read_on(bluesky, connector, app, now):
    credentials = link(bluesky, connector, app, now)
    bluesky.world.homes[ADA] = "other_pds"
    assert connector.identify("bsky.app", credentials).remote_id == ADA


def test_an_account_that_moves_to_another_operator_takes_consent_again(
    bluesky, connector, app, now
):
    credentials = link(bluesky, connector, app, now)
    bluesky.world.homes[ADA] = "other_pds"
    path, issuer = "/.well-known/oauth-protected-resource", bluesky.pds.url
    bluesky.bend = lambda asked, value: (
        value | {"authorization_servers": [issuer]} if asked == path else value
    )
    bluesky.answers["/.well-known/oauth-authorization-server"] = said(
        {"issuer": issuer}
        | {
            f"{name}_endpoint": f"{issuer}/{name}"
            for name in ("authorization", "token", "pushed_authorization_request")
        }
    )
    with pytest.raises(AccessRevoked):
        connector.identify("bsky.app", credentials)


def test_a_handle_that_changes_hands_leaves_the_account_with_its_owner(
    bluesky, connector, app, now
):
    credentials = link(bluesky, connector, app, now)
    bluesky.world.people[ADA]["handle"] = "ada.elsewhere.example"
    bluesky.world.joins("mallory", handle="ada.example")
    identity = connector.identify("bsky.app", credentials)
    assert (identity.remote_id, identity.person.key) == (ADA, ADA)
    assert identity.person.handle == "@ada.elsewhere.example"


def test_a_site_under_another_name_is_another_client(bluesky, connector):
    site = BlueskyConnector(Door(bluesky.names), Setup("https://klout.example", bluesky.options))
    moved = BlueskyConnector(Door(bluesky.names), Setup("https://k.example", bluesky.options))
    app = site.register("bsky.app", REDIRECT)
    assert site.is_registered("bsky.app", app)
    assert not moved.is_registered("bsky.app", app)
    assert not connector.is_registered("bsky.app", app)


def test_the_description_holds_no_secret(bluesky):
    site = BlueskyConnector(Door(bluesky.names), Setup("https://klout.example", bluesky.options))
    app = site.register("bsky.app", "https://klout.example/back/")
    described = site.describe(app, "https://klout.example/back/")
    assert described["client_id"] == "https://klout.example/networks/bluesky/client-metadata.json"
    assert app.client_secret not in str(described)
    assert set(described["jwks"]["keys"][0]) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
