"""Bluesky, and every account of the AT Protocol that its AppView shows.

An account lives on a server (PDS) that may be anybody's and is believed in nothing that counts:
profiles and figures are read at the AppView, and so are the notifications, with a pass that the PDS
writes for us and that the AppView checks (see decision 0505).
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Consent,
    Credentials,
    Cursor,
    Destination,
    Identity,
    Page,
    Permanent,
    Setup,
    Transient,
)
from networks.connectors.bluesky.authorization import (
    SCOPES,
    AuthServer,
    Client,
    pushed,
    refreshed,
    server_at,
    server_of,
    take_back,
    traded,
)
from networks.connectors.bluesky.dpop import BoundDoor
from networks.connectors.bluesky.identity import Directory, typed_name
from networks.connectors.bluesky.keys import SigningKey
from networks.connectors.bluesky.parsing import HOST, Viewpoint, counts_of
from networks.connectors.bluesky.people import People, answered
from networks.connectors.bluesky.reading import LIST_NOTIFICATIONS, Run, Sources
from networks.connectors.fields import Unreadable, mapping
from networks.connectors.own_words import OwnWords
from networks.http import Answer, Door
from networks.oauth import by_number

PLC = "https://plc.directory"
APPVIEW = "https://public.api.bsky.app"
APPVIEW_DID = "did:web:api.bsky.app"
# Where our description of ourselves stands on a site that others can reach.
METADATA_PATH = "/networks/bluesky/client-metadata.json"
_LOOPBACK_CLIENT = "http://localhost"
_PASS_LASTS_SECONDS = 30 * 60
# Times of a profile are kept as they are where nobody says what time it is.
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)
_KEPT = ("did", "pds", "issuer", "key")


class BlueskyConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door, setup: Setup) -> None:
        options = setup.options
        self._door = door
        self._site = setup.base_url
        self._appview = options.get("appview_url") or APPVIEW
        self._appview_did = options.get("appview_did") or APPVIEW_DID
        self._directory = Directory(door, options.get("plc_url") or PLC, self._appview)

    # --- Linking -----------------------------------------------------------------------------

    def find(self, typed: str) -> Destination:
        """`@ada.bsky.social`, `https://bsky.app/profile/ada.bsky.social`, `did:plc:...`."""
        return Destination(HOST, typed_name(typed))

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """Nobody is asked: a client is named by the address of its description.

        On this very machine there is no such address, and the description is in the name itself.
        """
        if not self._site.startswith("https://"):
            query = {"redirect_uri": by_number(redirect_uri), "scope": SCOPES}
            return AppRegistration(f"{_LOOPBACK_CLIENT}?{urlencode(query)}", "", SCOPES)
        client_id = f"{self._site}{METADATA_PATH}"
        return AppRegistration(client_id, SigningKey.new().text(), SCOPES)

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        named = app.client_id.partition("?")[0]
        if app.scopes != SCOPES:
            return False
        if not self._site.startswith("https://"):
            return named == _LOOPBACK_CLIENT
        return named == f"{self._site}{METADATA_PATH}" and bool(app.client_secret)

    def describe(self, app: AppRegistration, redirect_uri: str) -> dict[str, Any]:
        """The description of this site that stands at its client id (client metadata)."""
        key = SigningKey.from_text(app.client_secret)
        return {
            "client_id": app.client_id,
            "client_name": "Klout",
            "client_uri": self._site,
            "application_type": "web",
            "redirect_uris": [redirect_uri],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "scope": app.scopes,
            "dpop_bound_access_tokens": True,
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "jwks": {"keys": [key.public | {"kid": key.name, "use": "sig", "alg": "ES256"}]},
        }

    def ask_consent(
        self,
        destination: Destination,
        app: AppRegistration,
        redirect_uri: str,
        state: str,
        challenge: str,
    ) -> Consent:
        person = self._directory.person(destination.login)
        pds = person.service("atproto_pds")
        server, key = server_of(self._door, pds), SigningKey.new()
        wanted = {
            "response_type": "code",
            "redirect_uri": by_number(redirect_uri),
            "scope": app.scopes,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "login_hint": destination.login,
        }
        return Consent(
            pushed(BoundDoor(self._door, key), server, Client(app), wanted),
            issuer=server.host,
            needs_issuer=True,
            kept={"did": person.did, "pds": pds, "issuer": server.issuer, "key": key.text()},
        )

    def exchange(
        self,
        host: str,
        app: AppRegistration,
        redirect_uri: str,
        code: str,
        verifier: str,
        kept: Mapping[str, str],
        now: datetime,
    ) -> Credentials:
        if not self.is_registered(host, app):
            raise Permanent(f"{app.client_id} is not this site's name", code="app_forgotten")
        bound, server = self._session(kept)
        answer = {"code": code, "code_verifier": verifier, "redirect_uri": by_number(redirect_uri)}
        return _of_same(kept, traded(bound, server, Client(app), answer, now))

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        if not credentials.refresh_token:
            raise AccessRevoked("there is nothing to renew with")
        bound, server = self._session(credentials.extra)
        fresh = refreshed(bound, server, Client(app), credentials.refresh_token, now)
        return _of_same(credentials.extra, fresh)

    def identify(self, host: str, credentials: Credentials) -> Identity:
        self._sources(credentials)
        return self._identity(People(self._door, self._appview, _NO_CLOCK), credentials)

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        bound, server = self._session(credentials.extra)
        token = credentials.refresh_token or credentials.access_token
        take_back(bound, server, Client(app), token)

    # --- Reading -----------------------------------------------------------------------------

    def read(
        self,
        host: str,
        credentials: Credentials,
        cursor: Cursor,
        *,
        since: datetime,
        now: datetime,
        allowance: int | None = None,
    ) -> Iterator[Page]:
        sources = self._sources(credentials)
        people = People(self._door, self._appview, now)
        identity = self._identity(people, credentials)
        view = Viewpoint(identity.remote_id, now)
        run = Run(self._door, sources, people, view, since, cursor)
        yield run.profile(identity, counts_of(identity.person))
        yield from run.pages()

    def named(self, typed: str) -> str:
        return typed_name(typed)

    def own_words(self, named: str) -> OwnWords:
        """As the AppView shows the profile of the DID that the handle leads to."""
        who = self._directory.person(named).did
        profile = People(self._door, self._appview, _NO_CLOCK).profile(who)
        return OwnWords(*profile)

    def _identity(self, people: People, credentials: Credentials) -> Identity:
        who = credentials.extra["did"]
        person = people.shown(who)
        if person is None:
            raise Permanent(f"{who} is not shown", code="not_shown")
        return Identity(who, person)

    def _sources(self, credentials: Credentials) -> Sources:
        """Where to read, once the member's server has shown that it still lets us in."""
        notifier = self._directory.document(self._appview_did).service("bsky_appview")
        pds = self._pds(credentials)
        return Sources(pds, notifier, self._pass(pds, credentials))

    def _pds(self, credentials: Credentials) -> str:
        """Where the account lives today. Moved to another operator, it takes another consent."""
        kept = credentials.extra
        pds = self._directory.document(kept["did"]).service("atproto_pds")
        if pds != kept["pds"] and server_of(self._door, pds).issuer != kept["issuer"]:
            raise AccessRevoked(f"{kept['did']} has moved")
        return pds

    def _pass(self, pds: str, credentials: Credentials) -> str:
        """What the AppView takes as the member's word, for this one question."""
        bound = BoundDoor(self._door, SigningKey.from_text(credentials.extra["key"]))
        wanted: dict[str, str | int] = {
            "aud": self._appview_did,
            "lxm": LIST_NOTIFICATIONS,
            "exp": int(time.time()) + _PASS_LASTS_SECONDS,
        }
        url = f"{pds}/xrpc/com.atproto.server.getServiceAuth"
        answer = bound.get(url, wanted, credentials.access_token)
        _check_access(answer)
        token = answered(answer).get("token")
        if not isinstance(token, str) or not token:
            raise Transient(f"{pds}: no pass in the answer", code="garbage")
        return token

    def _session(self, kept: Mapping[str, str]) -> tuple[BoundDoor, AuthServer]:
        """What was kept of a walk to consent, or of a link, made ready to use."""
        if any(not kept.get(name) for name in _KEPT):
            raise Permanent("what was kept is not whole", code="code_refused")
        bound = BoundDoor(self._door, SigningKey.from_text(kept["key"]))
        return bound, server_at(self._door, kept["issuer"])


def _of_same(kept: Mapping[str, str], fresh: Credentials) -> Credentials:
    """The credentials with all that using them takes, if they are for the account asked for."""
    if fresh.extra["did"] != kept["did"]:
        raise Permanent("consent came from another account", code="other_account")
    return replace(fresh, extra={name: kept[name] for name in _KEPT})


def _check_access(answer: Answer) -> None:
    """Raises AccessRevoked where the member's server refuses our token.

    A refusal that is not in JSON comes from something in front of the server, not from it.
    """
    if answer.status not in (401, 403):
        return
    try:
        mapping(answer.json())
    except (Transient, Unreadable):
        raise Transient(f"answered {answer.status} without a reason", code="server_error") from None
    raise AccessRevoked(f"answered {answer.status}")
