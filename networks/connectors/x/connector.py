"""X by its API v2. Reading goes through tweepy; consent does not.

tweepy's OAuth handler opens connections of its own, to a host it has written in, and keeps state
and verifier in the object, which is not there any more when the member comes back.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tweepy import Client

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Consent,
    Credentials,
    Cursor,
    Destination,
    Identity,
    OutOfAllowance,
    Page,
    Permanent,
    Setup,
    Transient,
)
from networks.connectors.fields import Unreadable, count, mapping
from networks.connectors.x.parsing import HOST
from networks.connectors.x.reading import Run, ask_for_profile
from networks.connectors.x.session import client
from networks.http import Answer, Door, basic

# The least that shows profile, posts and mentions, and lets us come back without the member.
SCOPES = "tweet.read users.read offline.access"
DEFAULT_API = "https://api.x.com"
# Two hours, where X does not say.
_LASTS = 7200
_PRINTABLE = re.compile(r"[\x21-\x7e]{1,4096}")
# How X says that it does not know the application, or not by this secret.
_NOT_OURS = ("invalid_client", "unauthorized_client")


class XConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door, setup: Setup) -> None:
        self._door = door
        self._options = setup.options
        self._api = (setup.options.get("api_url") or DEFAULT_API).rstrip("/")

    # --- Linking -----------------------------------------------------------------------------

    def find(self, typed: str) -> Destination:
        return Destination(HOST)

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """What the operator registered; a public client has no secret."""
        return AppRegistration(
            self._options.get("client_id", ""), self._options.get("client_secret", ""), SCOPES
        )

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        ours = self.register(host, "")
        return hmac.compare_digest(
            f"{app.client_id} {app.client_secret}".encode(),
            f"{ours.client_id} {ours.client_secret}".encode(),
        )

    def ask_consent(
        self,
        destination: Destination,
        app: AppRegistration,
        redirect_uri: str,
        state: str,
        challenge: str,
    ) -> Consent:
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "scope": app.scopes,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Consent(f"https://{destination.host}/i/oauth2/authorize?{urlencode(query)}")

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
        answer = self._post(
            "/2/oauth2/token",
            app,
            grant_type="authorization_code",
            code=code,
            redirect_uri=redirect_uri,
            code_verifier=verifier,
        )
        if answer.status >= 400:
            raise Permanent(
                f"the code was answered {answer.status}",
                code="app_forgotten" if _is_not_ours(answer) else "code_refused",
            )
        return _credentials(answer, now)

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        if not credentials.refresh_token:
            raise AccessRevoked("there is no refresh token")
        answer = self._post(
            "/2/oauth2/token",
            self._as_set_now(app),
            grant_type="refresh_token",
            refresh_token=credentials.refresh_token,
        )
        if answer.status >= 400:
            if _is_not_ours(answer):
                raise Permanent(f"refreshing was answered {answer.status}", code="app_refused")
            raise AccessRevoked(f"refreshing was answered {answer.status}")
        fresh = _credentials(answer, now)
        # RFC 6749, 6: without a new one the old one stays good.
        return replace(fresh, refresh_token=fresh.refresh_token or credentials.refresh_token)

    def identify(self, host: str, credentials: Credentials) -> Identity:
        return ask_for_profile(self._client(credentials))[0]

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        """The refresh token first: it is the one that lasts."""
        app = self._as_set_now(app)
        for token in (credentials.refresh_token, credentials.access_token):
            if token:
                answer = self._post("/2/oauth2/revoke", app, token=token)
                if answer.status >= 400:
                    raise Permanent(f"revoking was answered {answer.status}")

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
        owner = self._options.get("owned_reads", "")
        run = Run(self._client(credentials), cursor, since, now, allowance, owner)
        try:
            yield from run.pages()
        except OutOfAllowance:
            if run.is_half_way:
                yield run.given_up()
            raise

    # --- Asking ------------------------------------------------------------------------------

    def _client(self, credentials: Credentials) -> Client:
        return client(self._door, self._api, credentials.access_token)

    def _as_set_now(self, app: AppRegistration) -> AppRegistration:
        """The same application with the secret it has today, where the operator made a new one."""
        ours = self.register(HOST, "")
        return ours if ours.client_id == app.client_id else app

    def _post(self, path: str, app: AppRegistration, **data: str) -> Answer:
        """A confidential client says who it is in the header, a public one in the form."""
        url = self._api + path
        if app.client_secret:
            return self._door.post(url, data=data, headers=basic(app.client_id, app.client_secret))
        return self._door.post(url, data=data | {"client_id": app.client_id})


def _is_not_ours(answer: Answer) -> bool:
    try:
        return str(mapping(answer.json()).get("error")) in _NOT_OURS
    except (Unreadable, Transient):
        return False


def _credentials(answer: Answer, now: datetime) -> Credentials:
    try:
        granted: Mapping[str, Any] = mapping(answer.json())
        token = _secret(granted.get("access_token"))
        refresh_token = granted.get("refresh_token")
        refresh_token = _secret(refresh_token) if refresh_token else ""
    except Unreadable as error:
        raise Transient("no token in the answer", code="garbage") from error
    if str(granted.get("token_type", "bearer")).lower() != "bearer":
        raise Transient("not a bearer token", code="garbage")
    # RFC 6749, 5.1: who does not say has granted what was asked for.
    scopes = granted.get("scope") or SCOPES
    if not isinstance(scopes, str) or not set(SCOPES.split()) <= set(scopes.split()):
        raise Permanent("less was granted than asked for", code="too_little_access")
    # A year at most: what is renewed too early costs nothing.
    seconds = min(count(granted.get("expires_in")) or _LASTS, 31_536_000)
    return Credentials(
        token,
        " ".join(scopes.split())[:300],
        refresh_token,
        now + timedelta(seconds=seconds),
    )


def _secret(value: object) -> str:
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
        raise Unreadable("not a key")
    return value
