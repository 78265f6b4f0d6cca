"""Reddit: an application that Reddit approved, asked for as little as shows who answers.

Its OAuth knows no PKCE; the state and the application's secret guard the way back, and the
challenge is sent all the same. Access ends after a day, and is renewed with a token that does not.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Consent,
    Counts,
    Credentials,
    Cursor,
    Destination,
    Identity,
    Page,
    Permanent,
    Setup,
    Transient,
)
from networks.connectors.fields import Unreadable, count, secret
from networks.connectors.oauth_answers import granted_in, no_token, operators_app, token_in
from networks.connectors.reddit.api import Api
from networks.connectors.reddit.parsing import View, parse_identity
from networks.connectors.reddit.reading import Run
from networks.http import Answer, Door, basic

# Not `privatemessages`: answers to comments stand in the inbox, beside what is private.
SCOPES = "identity history read"
# Times of the profile are kept as they are where nobody says what time it is.
_NO_CLOCK = datetime(9000, 1, 1, tzinfo=UTC)
_LONGEST_LIFE = timedelta(days=30)


class RedditConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door, setup: Setup) -> None:
        options = setup.options
        self._door = door
        self._options = options
        self._site = (options.get("url") or "https://www.reddit.com").rstrip("/")
        self._api_url = (options.get("api_url") or "https://oauth.reddit.com").rstrip("/")
        self._host = urlsplit(self._site).netloc.lower()

    # --- Linking -----------------------------------------------------------------------------

    def find(self, typed: str) -> Destination:
        return Destination(self._host)

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """The application that the operator made there, and Reddit approved."""
        return operators_app(self._options, SCOPES)

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        return app == self.register(host, "")

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
            "scope": SCOPES,
            "state": state,
            "duration": "permanent",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Consent(f"{self._site}/api/v1/authorize?{urlencode(query)}")

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
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        granted = _granted(host, self._token(app, form), "code_refused")
        credentials = _credentials(host, granted, now, refresh_token="")
        if not credentials.refresh_token:
            raise Permanent(f"{host}: no lasting access", code="too_little_access")
        if not set(SCOPES.split()) <= {*credentials.scopes.split(), *_all_of(credentials)}:
            raise Permanent(f"{host}: less than asked for", code="too_little_access")
        return credentials

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        form = {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token}
        answer = self._token(app, form)
        if answer.status in (400, 401, 403):
            raise AccessRevoked(f"{host}: renewing was answered {answer.status}")
        granted = _granted(host, answer, "access_revoked")
        return _credentials(host, granted, now, refresh_token=credentials.refresh_token)

    def identify(self, host: str, credentials: Credentials) -> Identity:
        return self._member(self._api(credentials), _NO_CLOCK)[0]

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        """The lasting token, and with it every access that came of it."""
        answer = self._door.post(
            f"{self._site}/api/v1/revoke_token",
            data={"token": credentials.refresh_token, "token_type_hint": "refresh_token"},
            headers=basic(app.client_id, app.client_secret),
        )
        if answer.status >= 300:
            raise Permanent(f"{host}: revoking was answered {answer.status}")

    def _token(self, app: AppRegistration, form: Mapping[str, str]) -> Answer:
        return self._door.post(
            f"{self._site}/api/v1/access_token",
            data=form,
            headers=basic(app.client_id, app.client_secret),
        )

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
        api = self._api(credentials)
        identity, counts, name = self._member(api, now)
        run = Run(api, self._view(now, identity.remote_id), name, since, cursor)
        yield run.profile(identity, counts)
        yield from run.pages()

    def _api(self, credentials: Credentials) -> Api:
        return Api(self._door, self._api_url, credentials.access_token)

    def _view(self, now: datetime, member_id: str = "") -> View:
        return View(self._host, self._site, now, member_id)

    def _member(self, api: Api, now: datetime) -> tuple[Identity, Counts, str]:
        try:
            return parse_identity(api.get("/api/v1/me", {}), self._view(now))
        except Unreadable as error:
            raise Transient(f"{self._host}: no account in the answer", code="garbage") from error


def _granted(host: str, answer: Answer, refused: str) -> Mapping[str, object]:
    """Reddit tells of a bad code with status 200, and of an unknown application with 401."""
    if answer.status == 401:
        raise Permanent(f"{host}: does not know our application", code="app_forgotten")
    if answer.status >= 400:
        raise Permanent(f"{host}: answered {answer.status}", code=refused)
    granted = granted_in(host, answer)
    if "error" in granted:
        raise Permanent(f"{host}: the code was refused", code=refused)
    return granted


def _credentials(
    host: str, granted: Mapping[str, object], now: datetime, *, refresh_token: str
) -> Credentials:
    token = token_in(host, granted)
    try:
        lasting = secret(granted.get("refresh_token") or refresh_token or "-")
    except Unreadable as error:
        raise no_token(host) from error
    seconds = count(granted.get("expires_in"))
    life = min(timedelta(seconds=min(seconds or 3_600, 10**7)), _LONGEST_LIFE)
    scopes = str(granted.get("scope") or "").replace(",", " ")
    return Credentials(
        token,
        " ".join(scopes.split())[:300],
        "" if lasting == "-" else lasting,
        now + life,
    )


def _all_of(credentials: Credentials) -> set[str]:
    """`*` stands for every permission there is."""
    return set(SCOPES.split()) if "*" in credentials.scopes.split() else set()
