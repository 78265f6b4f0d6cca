"""Stack Exchange: one sign-in for all its sites, through an application of the operator.

Its OAuth knows no PKCE and no renewal; the state and the application's secret guard the way back,
and with `no_expiry` a token is good until somebody takes it back. The challenge is sent all the
same, for the day on which it is looked at.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

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
from networks.connectors.fields import Unreadable, each
from networks.connectors.oauth_answers import granted_in, operators_app, token_in
from networks.connectors.stackexchange.api import Api
from networks.connectors.stackexchange.parsing import (
    Membership,
    View,
    parse_membership,
    parse_person,
)
from networks.connectors.stackexchange.reading import Run
from networks.http import Answer, Door

SCOPE = "no_expiry"
# The sites where somebody wrote most; each has five lists, and a day has 10,000 requests for all.
MOST_SITES = 5
# Times of the profile are kept as they are where nobody says what time it is.
_NO_CLOCK = datetime(9000, 1, 1, tzinfo=UTC)


class StackExchangeConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door, setup: Setup) -> None:
        options = setup.options
        self._door = door
        self._options = options
        self._site = (options.get("url") or "https://stackoverflow.com").rstrip("/")
        self._api_url = (options.get("api_url") or "https://api.stackexchange.com/2.3").rstrip("/")
        self._host = urlsplit(self._site).netloc.lower()

    # --- Linking -----------------------------------------------------------------------------

    def find(self, typed: str) -> Destination:
        return Destination(self._host)

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """The application that the operator made there."""
        return operators_app(self._options, SCOPE)

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
            "scope": SCOPE,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Consent(f"{self._site}/oauth?{urlencode(query)}")

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
        answer = self._door.post(
            f"{self._site}/oauth/access_token/json",
            data={
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "redirect_uri": redirect_uri,
                "code": code,
                "code_verifier": verifier,
            },
        )
        return _credentials(host, answer)

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        raise AccessRevoked(f"{host}: its tokens do not end, and none can be renewed")

    def identify(self, host: str, credentials: Credentials) -> Identity:
        return self._member(self._api(credentials, _NO_CLOCK), _NO_CLOCK)[0]

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        """The only call that takes the token in its address; nothing here logs addresses."""
        token = quote(credentials.access_token, safe="")
        answer = self._door.get(f"{self._api_url}/apps/{token}/de-authenticate")
        if answer.status >= 400:
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
        api = self._api(credentials, now)
        identity, sites, written = self._member(api, now)
        run = Run(api, View(self._host, "", now, identity.remote_id), sites, since, cursor)
        yield run.profile(identity, Counts(posts=written))
        yield from run.pages()

    def _api(self, credentials: Credentials, now: datetime) -> Api:
        key = self._options.get("key", "")
        return Api(self._door, self._api_url, key, credentials.access_token, now)

    def _member(self, api: Api, now: datetime) -> tuple[Identity, list[str], int]:
        """Who gave consent, on which sites they wrote most, and how much in all."""
        memberships, _ = each(api.ask("/me/associated", {}).items, parse_membership)
        if not memberships:
            raise Transient(f"{self._host}: on no site yet", code="garbage")
        by_writing = sorted(memberships, key=lambda one: (-one.written, one.site))
        sites = [one.site for one in by_writing if one.written][:MOST_SITES]
        identity = self._identity(api, by_writing[0], now)
        return identity, sites or [by_writing[0].site], sum(one.written for one in memberships)

    def _identity(self, api: Api, home: Membership, now: datetime) -> Identity:
        listed = api.ask("/me", {"site": home.site})
        view = View(self._host, home.site, now)
        try:
            (person,) = (parse_person(item, view) for item in listed.items[:1])
        except (Unreadable, ValueError) as error:
            raise Transient(f"{self._host}: no account in the answer", code="garbage") from error
        if person.key != home.account_id.lower():
            raise Transient(f"{self._host}: two accounts in one answer", code="garbage")
        return Identity(home.account_id, person)


def _credentials(host: str, answer: Answer) -> Credentials:
    if answer.status >= 400:
        is_unknown = b"client" in answer.body[:2_000]
        raise Permanent(
            f"{host}: the code was answered {answer.status}",
            code="app_forgotten" if is_unknown else "code_refused",
        )
    granted = granted_in(host, answer)
    token = token_in(host, granted)
    if granted.get("expires") or granted.get("expires_in"):
        raise Permanent(f"{host}: a token that ends was granted", code="too_little_access")
    return Credentials(token, SCOPE)
