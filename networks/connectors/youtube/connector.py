"""YouTube: an OAuth client of the operator at Google, and the Data API by plain requests."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

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
from networks.connectors.fields import Unreadable, secret
from networks.connectors.oauth_answers import (
    bearer_token_in,
    granted_in,
    no_token,
    oauth_error,
    operators_app,
)
from networks.connectors.youtube.parsing import HOST
from networks.connectors.youtube.reading import Api, Run, channel_of
from networks.http import Answer, Door
from networks.quota import Quota

SCOPE = "https://www.googleapis.com/auth/youtube.readonly"
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)
_LONGEST_TOKEN = 86_400
_UNITS_A_DAY = 10_000


class YouTubeConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door, setup: Setup) -> None:
        self._door = door
        self._options = setup.options
        self._accounts = self._address("accounts_url", "https://accounts.google.com")
        self._oauth = self._address("oauth_url", "https://oauth2.googleapis.com")
        self._api_url = self._address("api_url", "https://youtube.googleapis.com")
        units = setup.options.get("quota", "")
        is_number = units.isascii() and units.isdigit()
        # Google's day of quota ends at midnight in California.
        self._quota = Quota(
            f"youtube:{setup.options.get('client_id', '')}",
            int(units[:12]) if is_number else _UNITS_A_DAY,
            "America/Los_Angeles",
        )

    def _address(self, name: str, otherwise: str) -> str:
        return (self._options.get(name) or otherwise).rstrip("/")

    # --- Linking -----------------------------------------------------------------------------

    def find(self, typed: str) -> Destination:
        return Destination(HOST)

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """The OAuth client that the operator made at Google."""
        return operators_app(self._options, SCOPE)

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        """Whether that is still the client that the operator set."""
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
            "scope": SCOPE,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            # Both are needed for a refresh token, also when consent is given again.
            "access_type": "offline",
            "prompt": "consent select_account",
        }
        url = f"{self._accounts}/o/oauth2/v2/auth?{urlencode(query)}"
        return Consent(url, issuer=urlsplit(self._accounts).netloc)

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
        answer = self._ask_for_token(
            app,
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            redirect_uri=redirect_uri,
        )
        if answer.status >= 400:
            is_unknown = oauth_error(answer) == "invalid_client"
            code = "app_forgotten" if is_unknown else "code_refused"
            raise Permanent(f"{host}: the code was answered {answer.status}", code=code)
        granted = _credentials(answer, now, refresh_token="")
        if SCOPE not in granted.scopes.split():
            raise Permanent(f"{host}: less was granted than asked for", code="too_little_access")
        if not granted.refresh_token:
            raise Transient(f"{host}: no refresh token in the answer", code="garbage")
        return granted

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        if not credentials.refresh_token:
            raise AccessRevoked(f"{host}: there is no refresh token")
        answer = self._ask_for_token(
            app, grant_type="refresh_token", refresh_token=credentials.refresh_token
        )
        error = oauth_error(answer) if answer.status >= 400 else ""
        if error == "invalid_grant":
            raise AccessRevoked(f"{host}: the refresh token is not taken any more")
        if answer.status >= 400:
            is_unknown = error in ("invalid_client", "unauthorized_client")
            code = "key_refused" if is_unknown else "server_error"
            raise Transient(f"{host}: renewing was answered {answer.status}", code=code)
        return _credentials(answer, now, refresh_token=credentials.refresh_token)

    def _ask_for_token(self, app: AppRegistration, **form: str) -> Answer:
        who = {"client_id": app.client_id, "client_secret": app.client_secret}
        return self._door.post(f"{self._oauth}/token", data={**who, **form})

    def identify(self, host: str, credentials: Credentials) -> Identity:
        channel_id, channel = channel_of(self._api(credentials), _NO_CLOCK)
        return Identity(channel_id, channel.person)

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        """Takes back the consent; Google ends every token that came of it."""
        token = credentials.refresh_token or credentials.access_token
        answer = self._door.post(f"{self._oauth}/revoke", data={"token": token})
        if answer.status >= 300:
            raise Permanent(f"{host}: revoking was answered {answer.status}")

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
        channel_id, channel = channel_of(api, now)
        run = Run(api, channel_id, channel, since, now, cursor)
        yield run.profile(Identity(channel_id, channel.person))
        yield from run.pages()

    def _api(self, credentials: Credentials) -> Api:
        key = self._options.get("api_key", "")
        return Api(self._door, self._api_url, credentials.access_token, key, self._quota)


def _credentials(answer: Answer, now: datetime, *, refresh_token: str) -> Credentials:
    """A refresh token is only sent the first time; the one we have stays good."""
    granted = granted_in(HOST, answer)
    token = bearer_token_in(HOST, granted)
    try:
        renewed = granted.get("refresh_token")
        seconds = granted.get("expires_in")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
            raise Unreadable("no end")
        refresh_token = secret(renewed) if renewed else refresh_token
    except Unreadable as error:
        raise no_token(HOST) from error
    scopes = granted.get("scope")
    return Credentials(
        token,
        " ".join(scopes.split())[:300] if isinstance(scopes, str) else "",
        refresh_token,
        now + timedelta(seconds=min(seconds, _LONGEST_TOKEN)),
    )
