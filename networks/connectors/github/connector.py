"""GitHub: an OAuth app of the operator, asked for no scope, since everything we read is public.

We make the requests by ourselves: the client library on PyPI insists that every address in an
answer is on the host it was told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

from language import gettext as _
from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Consent,
    Counts,
    Credentials,
    Cursor,
    Destination,
    Identity,
    NotThisPlatform,
    Page,
    Permanent,
    Setup,
    Transient,
)
from networks.connectors.fields import Unreadable, each, mapping
from networks.connectors.github.parsing import (
    LOGIN,
    Repository,
    View,
    parse_identity,
    parse_repository,
)
from networks.connectors.github.reading import Api, Run
from networks.connectors.oauth_answers import bearer_token_in, granted_in, operators_app
from networks.connectors.own_words import OwnWords
from networks.http import Answer, Door, basic

# Most have a few dozen own repositories; nobody's stars are counted beyond this many.
_REPOSITORIES_A_PAGE = 50
_MAX_REPOSITORY_PAGES = 12
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)


class GitHubConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door, setup: Setup) -> None:
        self._door = door
        self._options = setup.options
        self._site = (setup.options.get("url") or "https://github.com").rstrip("/")
        self._api_url = (setup.options.get("api_url") or "https://api.github.com").rstrip("/")
        self._host = urlsplit(self._site).netloc.lower()

    # --- Linking -----------------------------------------------------------------------------

    def find(self, typed: str) -> Destination:
        return Destination(self._host)

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """The app that the operator made there."""
        return operators_app(self._options, "")

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        """Whether that is still the app that the operator set."""
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
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            # Who is signed in with several accounts is asked for the right one.
            "prompt": "select_account",
        }
        return Consent(f"{self._site}/login/oauth/authorize?{urlencode(query)}")

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
            f"{self._site}/login/oauth/access_token",
            data={
                "grant_type": "authorization_code",
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
        raise AccessRevoked(f"{host}: tokens of an OAuth app do not end, and none can be renewed")

    def identify(self, host: str, credentials: Credentials) -> Identity:
        return self._member(self._api(credentials), _NO_CLOCK)[0]

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        """Takes back the consent itself, and with it every token that came of it."""
        answer = self._door.delete(
            f"{self._api_url}/applications/{quote(app.client_id, safe='')}/grant",
            json={"access_token": credentials.access_token},
            headers=basic(app.client_id, app.client_secret),
        )
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
        identity, counts, login = self._member(api, now)
        view = View(self._host, self._site, now, identity.remote_id, login)
        repositories, set_aside = _repositories(api, view)
        view = replace(view, topics={one.remote_id: one.post.tags for one in repositories})
        run = Run(api, view, repositories, since, cursor)
        ours = [repository for repository in repositories if repository.is_own_work]
        curation = sum(repository.stars + repository.forks for repository in ours)
        yield run.profile(identity, Counts(counts.followers, curation), set_aside)
        yield from run.pages()

    def named(self, typed: str) -> str:
        """`ada`, `@ada` or the address of the profile."""
        login = typed.strip().removeprefix(f"{self._site}/").removeprefix("@").rstrip("/")
        if not LOGIN.fullmatch(login):
            raise ValueError(_("Type your name at GitHub, as in the address of your profile."))
        return login.lower()

    def own_words(self, named: str) -> OwnWords:
        """The public profile; the operator's application only has GitHub let us ask more often."""
        app = self.register(self._host, "")
        ours = basic(app.client_id, app.client_secret) if app.client_secret else {}
        answer = self._door.get(f"{self._api_url}/users/{quote(named, safe='')}", headers=ours)
        if answer.status in (404, 410):
            raise Permanent(f"{self._host}: nobody", code="no_such_profile")
        if answer.status != 200:
            raise Transient(f"answered {answer.status}", code="server_error")
        try:
            profile = mapping(answer.json())
            view = View(self._host, self._site, _NO_CLOCK)
            person = parse_identity(profile, view)[0].person
        except Unreadable as error:
            raise Transient("no profile in the answer", code="garbage") from error
        written = (profile.get("name"), profile.get("bio"))
        return OwnWords(person, tuple(text for text in written if isinstance(text, str)))

    def _api(self, credentials: Credentials) -> Api:
        return Api(self._door, self._api_url, credentials.access_token)

    def _member(self, api: Api, now: datetime) -> tuple[Identity, Counts, str]:
        answer = _granted(api.get("/user", {}))
        try:
            return parse_identity(answer.json(), View(self._host, self._site, now))
        except Unreadable as error:
            raise Transient(f"{self._host}: no account in the answer", code="garbage") from error


def _repositories(api: Api, view: View) -> tuple[list[Repository], int]:
    """The member's own public repositories, those pushed to last first; how many were odd."""
    query = {"visibility": "public", "affiliation": "owner", "sort": "pushed"}
    found: dict[str, Repository] = {}
    set_aside = 0
    for page in range(1, _MAX_REPOSITORY_PAGES + 1):
        answer = _granted(
            api.get("/user/repos", {**query, "per_page": _REPOSITORIES_A_PAGE, "page": page})
        )
        value = answer.json()
        if not isinstance(value, list):
            raise Transient("not a list of repositories", code="garbage")
        parsed, odd = each(value[:_REPOSITORIES_A_PAGE], lambda item: parse_repository(item, view))
        set_aside += odd
        found |= {repository.remote_id: repository for repository in parsed if repository}
        if len(value) < _REPOSITORIES_A_PAGE:
            break
    return list(found.values()), set_aside


def _granted(answer: Answer) -> Answer:
    """The answer to a request that cannot be done without.

    A 403 that is not in JSON comes from something in front of the server, not from it.
    """
    if answer.status == 403 and "json" in answer.headers.get("content-type", ""):
        raise AccessRevoked("answered 403")
    if answer.status in (404, 410):
        raise NotThisPlatform(f"answered {answer.status}")
    if answer.status >= 300:
        raise Transient(f"answered {answer.status}", code="server_error")
    return answer


def _credentials(host: str, answer: Answer) -> Credentials:
    """GitHub tells what went wrong with status 200."""
    granted = granted_in(host, answer)
    error = granted.get("error")
    if error or answer.status >= 400:
        is_unknown = error == "incorrect_client_credentials" or answer.status == 404
        code = "app_forgotten" if is_unknown else "code_refused"
        raise Permanent(f"{host}: the code was answered {answer.status}", code=code)
    return Credentials(bearer_token_in(host, granted))
