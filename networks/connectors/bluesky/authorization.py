"""Consent in the AT Protocol: OAuth with pushed requests, PKCE and tokens bound to a key.

The account's server (PDS) names its authorization server, whose issuer must be the place where its
metadata stand. What is asked for is pushed there (RFC 9126), so the member's browser carries only
a reference to it.
"""

import re
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Credentials,
    Permanent,
    Transient,
)
from networks.connectors.bluesky.dpop import BoundDoor
from networks.connectors.bluesky.identity import origin
from networks.connectors.bluesky.keys import SigningKey
from networks.connectors.fields import Unreadable, count, items, link, mapping
from networks.http import Answer, Door

# Reading the notifications, at whichever service shows them, and nothing else.
READ_NOTIFICATIONS = "rpc:app.bsky.notification.listNotifications?aud=*"
SCOPES = f"atproto {READ_NOTIFICATIONS}"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LASTS_SECONDS = 60
_PRINTABLE = re.compile(r"[\x21-\x7e]{1,4096}")
# The longest life that the protocol allows an access token, and one for a server that does not say.
_LONG_LIFE_SECONDS, _SHORT_LIFE_SECONDS = 3600, 300


@dataclass(frozen=True)
class AuthServer:
    """An authorization server: who it says it is, and the addresses of its endpoints."""

    issuer: str
    consent: str
    push: str
    token: str
    revoke: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.issuer).netloc


def server_of(door: Door, pds: str) -> AuthServer:
    """The authorization server that a PDS names. Raises Transient, NotThisPlatform."""
    named = _metadata(door, f"{pds}/.well-known/oauth-protected-resource")
    try:
        (issuer,) = (
            origin(server, door.development_hosts)
            for server in items(named.get("authorization_servers"), 2)
        )
        if origin(named.get("resource"), door.development_hosts) != pds:
            raise Unreadable("speaks for another server")
    except ValueError as error:  # Also Unreadable: not one server, but none or several.
        raise Transient(f"{pds}: no authorization server", code="garbage") from error
    return server_at(door, issuer)


def server_at(door: Door, issuer: str) -> AuthServer:
    """The authorization server at an issuer's address, which must say that it is that issuer."""
    said = _metadata(door, f"{issuer}/.well-known/oauth-authorization-server")
    try:
        if said.get("issuer") != issuer:
            raise Unreadable("another issuer")
        return AuthServer(
            issuer,
            _endpoint(said, "authorization_endpoint", door.development_hosts),
            _endpoint(said, "pushed_authorization_request_endpoint", door.development_hosts),
            _endpoint(said, "token_endpoint", door.development_hosts),
            _endpoint(said, "revocation_endpoint", door.development_hosts, is_needed=False),
        )
    except Unreadable as error:
        raise Transient(f"{issuer}: {error}", code="garbage") from error


def _metadata(door: Door, url: str) -> Mapping[str, Any]:
    answer = door.get(url)
    if answer.status >= 300:
        raise Transient(f"{url}: answered {answer.status}", code="server_error")
    try:
        return mapping(answer.json())
    except Unreadable as error:
        raise Transient(f"{url}: {error}", code="garbage") from error


def _endpoint(
    said: Mapping[str, Any],
    name: str,
    development_hosts: Collection[str],
    *,
    is_needed: bool = True,
) -> str:
    value = said.get(name)
    try:
        host = urlsplit(value).netloc if isinstance(value, str) else ""
    except ValueError:
        host = ""
    found = link(value, host if host in development_hosts else "")
    if is_needed and not found:
        raise Unreadable(f"no {name}")
    return found


@dataclass(frozen=True)
class Client:
    """What we are to an authorization server; with a key of our own we prove it each time."""

    app: AppRegistration

    def named(self, server: AuthServer) -> dict[str, str]:
        """The fields that say who asks (RFC 7523, 2.2)."""
        name = {"client_id": self.app.client_id}
        if not self.app.client_secret:
            return name
        key, now = SigningKey.from_text(self.app.client_secret), int(time.time())
        claims = {
            "iss": self.app.client_id,
            "sub": self.app.client_id,
            "aud": server.issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + _ASSERTION_LASTS_SECONDS,
        }
        assertion = key.signed({"typ": "JWT", "kid": key.name}, claims)
        return name | {"client_assertion_type": _ASSERTION, "client_assertion": assertion}


def pushed(bound: BoundDoor, server: AuthServer, client: Client, wanted: Mapping[str, str]) -> str:
    """Push what is asked for; returns the address of the consent page."""
    answer = bound.post(server.push, {**client.named(server), **wanted})
    if answer.status >= 400:
        raise _no_way(server, answer)
    try:
        reference = _secret(mapping(answer.json()).get("request_uri"))
    except Unreadable as error:
        raise Transient(f"{server.host}: nothing was pushed", code="garbage") from error
    query = {"client_id": client.app.client_id, "request_uri": reference}
    return f"{server.consent}?{urlencode(query)}"


def _no_way(server: AuthServer, answer: Answer) -> Permanent:
    said = _error(answer)
    codes = {
        "invalid_client_metadata": "site_not_seen",
        "invalid_client": "site_not_seen",
        "invalid_redirect_uri": "site_not_seen",
        "invalid_scope": "too_little_access",
    }
    return Permanent(
        f"{server.host}: pushing was answered {answer.status} {said}",
        code=codes.get(said, "not_this_platform"),
    )


def traded(
    bound: BoundDoor, server: AuthServer, client: Client, code: Mapping[str, str], now: datetime
) -> Credentials:
    """Credentials for a code; `extra` holds the DID that they are for and nothing else."""
    data = {"grant_type": "authorization_code", **client.named(server), **code}
    answer = bound.post(server.token, data)
    if answer.status >= 400:
        is_forgotten = _error(answer) in ("invalid_client", "invalid_client_metadata")
        raise Permanent(
            f"{server.host}: the code was answered {answer.status}",
            code="app_forgotten" if is_forgotten else "code_refused",
        )
    return _credentials(server, answer, now)


def refreshed(
    bound: BoundDoor, server: AuthServer, client: Client, refresh_token: str, now: datetime
) -> Credentials:
    """The credentials that follow; the refresh token is used up by this. See `traded`."""
    data = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        **client.named(server),
    }
    answer = bound.post(server.token, data)
    if answer.status >= 400:
        said = _error(answer)
        if said in ("invalid_grant", "unauthorized_client"):
            raise AccessRevoked(f"{server.host}: renewing was answered {answer.status} {said}")
        raise Transient(f"{server.host}: renewing was answered {said}", code="server_error")
    return _credentials(server, answer, now)


def take_back(bound: BoundDoor, server: AuthServer, client: Client, token: str) -> None:
    """Revoke a token, and with it all that came with it (RFC 7009)."""
    if not server.revoke:
        raise Permanent(f"{server.host}: takes nothing back")
    answer = bound.post(server.revoke, {"token": token, **client.named(server)})
    if answer.status >= 400:
        raise Permanent(f"{server.host}: revoking was answered {answer.status}")


def _credentials(server: AuthServer, answer: Answer, now: datetime) -> Credentials:
    try:
        granted = mapping(answer.json())
        token, refresh = _secret(granted.get("access_token")), granted.get("refresh_token")
        refresh = _secret(refresh) if refresh else ""
        subject, lasts = granted.get("sub"), granted.get("expires_in")
        if str(granted.get("token_type")).lower() != "dpop" or not isinstance(subject, str):
            raise Unreadable("not a token bound to our key, or nobody's")
    except Unreadable as error:
        raise Transient(f"{server.host}: {error}", code="garbage") from error
    scopes = str(granted.get("scope")).split()
    if READ_NOTIFICATIONS not in scopes:
        raise Permanent(f"{server.host}: less was granted than asked for", code="too_little_access")
    return Credentials(
        token,
        " ".join(scopes)[:300],
        refresh,
        now + timedelta(seconds=min(count(lasts) or _SHORT_LIFE_SECONDS, _LONG_LIFE_SECONDS)),
        {"did": subject},
    )


def _error(answer: Answer) -> str:
    try:
        return str(mapping(answer.json()).get("error"))[:60]
    except (Unreadable, Transient):
        return ""


def _secret(value: object) -> str:
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
        raise Unreadable("not a key")
    return value
