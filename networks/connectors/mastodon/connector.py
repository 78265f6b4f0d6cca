"""Mastodon, and the servers that speak its client API.

We exchange codes and read by ourselves: the client library on PyPI recurses without end on
servers whose version is not Mastodon-like.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from language import gettext as _
from networks.address_guard import server_name
from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    ConnectorError,
    Consent,
    Credentials,
    Cursor,
    Destination,
    Identity,
    NotThisPlatform,
    Page,
    Permanent,
    Person,
    Setup,
    Transient,
)
from networks.connectors.fields import Unreadable, identifier, mapping, secret
from networks.connectors.mastodon.home import home_of, kept_home
from networks.connectors.mastodon.own_words import user_and_host, words_of
from networks.connectors.mastodon.parsing import Viewpoint, parse_identity, parse_person
from networks.connectors.mastodon.reading import Run, allowed
from networks.connectors.oauth_answers import bearer_token_in, granted_in, oauth_error
from networks.connectors.own_words import OwnWords
from networks.http import Answer, Door

# The least that shows profile, own posts and reactions, on servers since 2018.
SCOPES = "read:accounts read:statuses read:notifications"
# Times of the profile are kept as they are where nobody says what time it is.
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class MastodonConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door, setup: Setup) -> None:
        self._door = door

    # --- Linking -----------------------------------------------------------------------------

    def find(self, typed: str) -> Destination:
        """`https://Mastodon.Social/@ada`, `@ada@mastodon.social`, `mastodon.social` and so on."""
        return Destination(self._host(typed.strip()))

    def _host(self, typed: str) -> str:
        if not typed:
            raise ValueError(_("Type the name of your server, for example mastodon.social."))
        scheme = _SCHEME.match(typed)
        if scheme and scheme[0].lower() not in ("https://", "http://"):
            raise ValueError(_("“{typed}” is not a server on the web.").format(typed=_short(typed)))
        bare = re.split(r"[/?#]", _SCHEME.sub("", typed))[0]
        host = bare.rpartition("@")[2]
        if host.lower() in self._door.development_hosts:
            return host.lower()
        return _checked_name(host, typed)

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        site = urlsplit(redirect_uri)
        answer = self._post(
            host,
            "/api/v1/apps",
            client_name="Klout",
            redirect_uris=redirect_uri,
            scopes=SCOPES,
            website=f"{site.scheme}://{site.netloc}/",
        )
        if answer.status >= 400:
            raise NotThisPlatform(f"{host}: registration answered {answer.status}")
        try:
            app = mapping(answer.json())
            return AppRegistration(
                secret(app.get("client_id")), secret(app.get("client_secret")), SCOPES
            )
        except (Unreadable, Transient) as error:
            raise NotThisPlatform(f"{host}: no registration in the answer") from error

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        answer = self._post(
            host,
            "/oauth/token",
            grant_type="client_credentials",
            client_id=app.client_id,
            client_secret=app.client_secret,
            scope=app.scopes,
        )
        return answer.status < 400 or oauth_error(answer) != "invalid_client"

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
        return Consent(f"{self._url(destination.host, '/oauth/authorize')}?{urlencode(query)}")

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
            host,
            "/oauth/token",
            grant_type="authorization_code",
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uri=redirect_uri,
            code=code,
            code_verifier=verifier,
            scope=app.scopes,
        )
        if answer.status >= 400:
            is_forgotten = oauth_error(answer) == "invalid_client"
            raise Permanent(
                f"{host}: the code was answered {answer.status}",
                code="app_forgotten" if is_forgotten else "code_refused",
            )
        return _credentials(host, app, answer)

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        raise AccessRevoked(f"{host}: its tokens do not end, and none can be renewed")

    def identify(self, host: str, credentials: Credentials) -> Identity:
        account = self._account(host, credentials)
        home, _ = self._home(host, account, {})
        return parse_identity(account, self._view(host, home, account, _NO_CLOCK))[0]

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        answer = self._post(
            host,
            "/oauth/revoke",
            client_id=app.client_id,
            client_secret=app.client_secret,
            token=credentials.access_token,
        )
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
        account = self._account(host, credentials)
        home, is_certain = self._home(host, account, cursor)
        view = self._view(host, home, account, now)
        run = Run(self._door, self._url(host, ""), credentials.access_token, view, since, cursor)
        if is_certain:
            run.remember_home()
        yield run.profile(*parse_identity(account, view))
        yield from run.pages()

    def named(self, typed: str) -> str:
        user, host = user_and_host(typed.strip())
        return f"{user}@{self._host(host)}"

    def own_words(self, named: str) -> OwnWords:
        """As the account's own server shows it to everybody, and nobody else's."""
        user, _at, host = named.partition("@")
        url = self._url(host, "/api/v1/accounts/lookup")
        answer = self._door.get(url, params={"acct": user})
        if answer.status != 200:
            raise Permanent(f"{host}: answered {answer.status}", code="no_such_profile")
        try:
            account = mapping(answer.json())
            home, _certain = self._home(host, account, {})
            view = self._view(host, home, account, _NO_CLOCK)
            person = parse_identity(account, view)[0].person
        except Unreadable as error:
            raise Permanent(f"{host}: {error}", code="no_such_profile") from error
        if not person.key.startswith(f"{user}@"):
            raise Permanent(f"{host}: somebody else", code="no_such_profile")
        return OwnWords(person, words_of(account))

    def look_up(self, person: Person, now: datetime) -> Person | None:
        user = person.key.partition("@")[0]
        url = f"https://{person.host}/api/v1/accounts/lookup"
        try:
            answer = self._door.get(url, params={"acct": user})
            if answer.status != 200:
                return None
            found = parse_person(answer.json(), Viewpoint(person.host, "", now))
        except (ConnectorError, Unreadable):
            return None
        return found if found.key == person.key else None

    def _account(self, host: str, credentials: Credentials) -> Mapping[str, Any]:
        """The account that the credentials belong to, known to be readable."""
        url = self._url(host, "/api/v1/accounts/verify_credentials")
        answer = allowed(self._door.get(url, token=credentials.access_token))
        try:
            account = mapping(answer.json())
            parse_identity(account, self._view(host, host, account, _NO_CLOCK))
        except Unreadable as error:
            raise Transient(f"{host}: no account in the answer", code="garbage") from error
        return account

    def _home(self, host: str, account: Mapping[str, Any], cursor: Cursor) -> tuple[str, bool]:
        """The domain of the handles there: asked for once, then kept in the cursor."""
        if self._is_development(host):
            return host, True
        if kept := kept_home(cursor.get("home")):
            return kept, True
        return home_of(self._door, host, str(account.get("acct")))

    # --- Asking ------------------------------------------------------------------------------

    def _view(self, host: str, home: str, account: Mapping[str, Any], now: datetime) -> Viewpoint:
        development_host = host if self._is_development(host) else ""
        return Viewpoint(home, identifier(account.get("id")), now, development_host)

    def _is_development(self, host: str) -> bool:
        return host in self._door.development_hosts

    def _url(self, host: str, path: str) -> str:
        return f"{'http' if self._is_development(host) else 'https'}://{host}{path}"

    def _post(self, host: str, path: str, **data: str) -> Answer:
        return self._door.post(self._url(host, path), data=data)


def _checked_name(host: str, typed: str) -> str:
    if re.fullmatch(r"[^:\[\]]+:\d*", host):
        raise ValueError(
            _("Klout speaks to servers on the usual port only. Leave “:{value}” out.").format(
                value=host.partition(":")[2]
            )
        )
    if re.fullmatch(r"[\d.]+|.*[:\[\]].*", host):
        raise ValueError(_("Type the name of your server, not its address; like mastodon.social."))
    if host and "." not in host and re.fullmatch(r"\w+", host):
        raise ValueError(
            _(
                "“{host}” is not a whole server name. Type it with its ending, like "
                "mastodon.social."
            ).format(host=_short(host))
        )
    try:
        return server_name(host)
    except ValueError:
        raise ValueError(
            _("“{typed}” is not the name of a server. Type it like mastodon.social.").format(
                typed=_short(typed)
            )
        ) from None


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _credentials(host: str, app: AppRegistration, answer: Answer) -> Credentials:
    granted = granted_in(host, answer)
    token = bearer_token_in(host, granted)
    # RFC 6749, 5.1: a server that does not say has granted what was asked for.
    scopes = granted.get("scope") or app.scopes
    if not isinstance(scopes, str) or not _covers(scopes.split(), SCOPES.split()):
        raise Permanent(f"{host}: less was granted than asked for", code="too_little_access")
    return Credentials(token, " ".join(scopes.split())[:300])


def _covers(granted: list[str], needed: list[str]) -> bool:
    """A coarser scope holds the finer ones: `read` holds `read:accounts`."""
    return all(scope in granted or scope.partition(":")[0] in granted for scope in needed)
