"""Mastodon, and the servers that speak its client API.

We exchange codes and read by ourselves: the client library on PyPI recurses without end on
servers whose version is not Mastodon-like.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from networks.address_guard import server_name
from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Counts,
    Credentials,
    Cursor,
    Identity,
    NotThisPlatform,
    Page,
    Permanent,
    Transient,
)
from networks.connectors.fields import Unreadable, each, identifier, mapping, optional_moment
from networks.connectors.mastodon.paging import Stream, Walk
from networks.connectors.mastodon.parsing import (
    Viewpoint,
    parse_followed,
    parse_identity,
    parse_notification,
    parse_own_status,
)
from networks.http import Answer, Door

# The least that shows profile, own posts and reactions, on servers since 2018.
SCOPES = "read:accounts read:statuses read:notifications"
MAX_PAGES = 20
# Times of the profile are kept as they are where nobody says what time it is.
_NO_CLOCK = datetime.max.replace(tzinfo=UTC)
# Longer lists than anyone may ask for are cut.
_MAX_ITEMS = 100
_NOT_REACTIONS = ["status", "poll", "update", "follow_request"]
_PRINTABLE = re.compile(r"[\x21-\x7e]{1,4096}")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# Of the 19 pages after the profile, how many each list may take before the others had theirs.
_SHARES = {"statuses": 8, "notifications": 8, "following": 3}


class MastodonConnector:
    """Keeps the contract in `networks.connectors.base.Connector`."""

    def __init__(self, door: Door) -> None:
        self._door = door

    # --- Linking -----------------------------------------------------------------------------

    def normalise_host(self, text: str) -> str:
        """`https://Mastodon.Social/@ada`, `@ada@mastodon.social`, `mastodon.social` and so on."""
        typed = text.strip()
        if not typed:
            raise ValueError("Type the name of your server, for example mastodon.social.")
        scheme = _SCHEME.match(typed)
        if scheme and scheme[0].lower() not in ("https://", "http://"):
            raise ValueError(f"“{_short(typed)}” is not a server on the web.")
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
                _secret(app.get("client_id")), _secret(app.get("client_secret")), SCOPES
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
        return answer.status < 400 or _oauth_error(answer) != "invalid_client"

    def authorize_url(
        self, host: str, app: AppRegistration, redirect_uri: str, state: str, challenge: str
    ) -> str:
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "scope": app.scopes,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._url(host, '/oauth/authorize')}?{urlencode(query)}"

    def exchange(
        self, host: str, app: AppRegistration, redirect_uri: str, code: str, verifier: str
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
            is_forgotten = _oauth_error(answer) == "invalid_client"
            raise Permanent(
                f"{host}: the code was answered {answer.status}",
                code="app_forgotten" if is_forgotten else "code_refused",
            )
        return _credentials(host, app, answer)

    def identify(self, host: str, credentials: Credentials) -> Identity:
        return self._profile(host, credentials, _NO_CLOCK)[0]

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
        self, host: str, credentials: Credentials, cursor: Cursor, *, since: datetime, now: datetime
    ) -> Iterator[Page]:
        identity, counts = self._profile(host, credentials, now)
        view = self._view(host, identity.remote_id, now)
        run = _Run(self._door, self._url(host, ""), credentials.access_token, view, since, cursor)
        yield run.profile(identity, counts)
        yield from run.pages()

    def _profile(
        self, host: str, credentials: Credentials, now: datetime
    ) -> tuple[Identity, Counts]:
        url = self._url(host, "/api/v1/accounts/verify_credentials")
        answer = _allowed(self._door.get(url, token=credentials.access_token))
        try:
            return parse_identity(answer.json(), self._view(host, "", now))
        except Unreadable as error:
            raise Transient(f"{host}: no account in the answer", code="garbage") from error

    # --- Asking ------------------------------------------------------------------------------

    def _view(self, host: str, member_id: str, now: datetime) -> Viewpoint:
        return Viewpoint(host, member_id, now, host if self._is_development(host) else "")

    def _is_development(self, host: str) -> bool:
        return host in self._door.development_hosts

    def _url(self, host: str, path: str) -> str:
        return f"{'http' if self._is_development(host) else 'https'}://{host}{path}"

    def _post(self, host: str, path: str, **data: str) -> Answer:
        return self._door.post(self._url(host, path), data=data)


class _Run:
    """One run of at most 20 pages over the three lists, each at its place in the cursor."""

    def __init__(
        self, door: Door, site: str, token: str, view: Viewpoint, since: datetime, cursor: Cursor
    ) -> None:
        self._door = door
        self._api = f"{site}/api/v1"
        self._token = token
        self._view = view
        self._since = since
        self._streams = {
            name: Stream.from_json(cursor.get(name)) for name in ("statuses", "notifications")
        }
        self._walk = Walk.from_json(cursor.get("following"))
        self._unread = list(_SHARES)
        self._taken = dict.fromkeys(_SHARES, 0)

    def profile(self, identity: Identity, counts: Counts) -> Page:
        page = Page({}, counts=counts, identity=identity, progress="Reading your profile")
        return self._bookmarked(page)

    def pages(self) -> Iterator[Page]:
        readers = {
            "statuses": self._statuses,
            "notifications": self._notifications,
            "following": self._following,
        }
        for _ in range(MAX_PAGES - 1):
            if not self._unread:
                return
            name = self._next()
            self._taken[name] += 1
            yield self._bookmarked(readers[name]())

    def _next(self) -> str:
        """In order, each up to its share; then whatever is left over, in order."""
        within_share = (name for name in self._unread if self._taken[name] < _SHARES[name])
        return next(within_share, self._unread[0])

    def _bookmarked(self, page: Page) -> Page:
        cursor = {name: stream.to_json() for name, stream in self._streams.items()}
        cursor["following"] = self._walk.to_json()
        return replace(page, cursor=cursor, more=bool(self._unread))

    def _statuses(self) -> Page:
        path = f"/accounts/{self._view.member_id}/statuses"
        batch = self._batch("statuses", path, {"limit": 40})
        parsed, set_aside = each(batch.fresh, lambda item: parse_own_status(item, self._view))
        written = [item for item in parsed if item.at >= self._since]
        return Page(
            {},
            posts=tuple(item.post for item in written if item.post),
            outreach=tuple(act for item in written for act in item.outreach),
            set_aside=set_aside + batch.set_aside,
            progress=f"Reading what you wrote{batch.reach}",
        )

    def _notifications(self) -> Page:
        wanted = {"limit": 80, "exclude_types[]": _NOT_REACTIONS}
        batch = self._batch("notifications", "/notifications", wanted)
        parsed, set_aside = each(batch.fresh, lambda item: parse_notification(item, self._view))
        notified = [item for item in parsed if item.at >= self._since]
        posts = {item.post.remote_id: item.post for item in notified if item.post}
        return Page(
            {},
            posts=tuple(posts.values()),
            reactions=tuple(item.reaction for item in notified if item.reaction),
            set_aside=set_aside + batch.set_aside,
            progress=f"Reading who answered you{batch.reach}",
        )

    def _following(self) -> Page:
        path = f"/accounts/{self._view.member_id}/following"
        try:
            answer = self._get(path, {"limit": 80, **self._walk.query()})
        except NotThisPlatform:
            # Some servers do not show it; the rest is worth reading all the same.
            self._unread.remove("following")
            return Page({}, progress="Reading whom you follow")
        walk = self._walk
        followed, set_aside = each(_list(answer), lambda item: parse_followed(item, self._view))
        self._walk, is_over = walk.after([found for found, _ in followed], _next_max_id(answer))
        if is_over:
            self._unread.remove("following")
        return Page(
            {},
            outreach=tuple(act for found, act in followed if act and walk.is_fresh(found)),
            set_aside=set_aside,
            progress="Reading whom you follow",
        )

    def _batch(self, name: str, path: str, wanted: Mapping[str, Any]) -> "_Batch":
        """The items of the next page that were not read yet; the stream moves on past them."""
        stream = self._streams[name]
        batch = _Batch()
        for item in _list(self._get(path, {**wanted, **stream.query()})):
            batch.take(item, stream, self._view.now)
        step = stream.after(batch.seen, self._since)
        self._streams[name] = step.stream
        if step.is_exhausted:
            self._unread.remove(name)
        if not stream.is_full:
            batch.reach = _back_to(batch.seen.values(), self._view.now)
        return batch

    def _get(self, path: str, params: Mapping[str, Any]) -> Answer:
        return _allowed(self._door.get(self._api + path, params=params, token=self._token))


class _Batch:
    """One page of a stream: what is new on it, and the ids and times of all that was seen."""

    def __init__(self) -> None:
        self.fresh: list[object] = []
        self.seen: dict[str, datetime | None] = {}
        self.set_aside = 0
        self.reach = ""

    def take(self, item: object, stream: Stream, now: datetime) -> None:
        try:
            fields = mapping(item)
            remote_id = identifier(fields.get("id"))
        except Unreadable:
            self.set_aside += 1
            return
        if remote_id not in self.seen and stream.is_fresh(remote_id):
            self.fresh.append(item)
        self.seen[remote_id] = optional_moment(fields.get("created_at"), now)


def _back_to(times: Any, now: datetime) -> str:
    """ ": back to 3 July", or nothing where no time could be read."""
    earliest = min((time for time in times if time), default=None)
    if earliest is None:
        return ""
    year = f" {earliest.year}" if earliest.year != now.year else ""
    return f": back to {earliest.day} {earliest:%B}{year}"


def _checked_name(host: str, typed: str) -> str:
    if re.fullmatch(r"[^:\[\]]+:\d*", host):
        raise ValueError(
            "Klout speaks to servers on the usual port only. "
            f"Leave “:{host.partition(':')[2]}” out."
        )
    if re.fullmatch(r"[\d.]+|.*[:\[\]].*", host):
        raise ValueError("Type the name of your server, not its address; like mastodon.social.")
    if host and "." not in host and re.fullmatch(r"\w+", host):
        raise ValueError(
            f"“{_short(host)}” is not a whole server name. Type it with its ending, like "
            "mastodon.social."
        )
    try:
        return server_name(host)
    except ValueError:
        raise ValueError(
            f"“{_short(typed)}” is not the name of a server. Type it like mastodon.social."
        ) from None


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _allowed(answer: Answer) -> Answer:
    """The answer to a request with a token, if it was granted.

    A 401 or 403 that is not in JSON comes from something in front of the server, not from it.
    """
    if answer.status in (401, 403):
        if "json" in answer.headers.get("content-type", ""):
            raise AccessRevoked(f"answered {answer.status}")
        raise Transient(f"answered {answer.status} without a reason", code="server_error")
    if answer.status in (404, 405, 410):
        raise NotThisPlatform(f"answered {answer.status}")
    if answer.status >= 300:
        raise Transient(f"answered {answer.status}", code="server_error")
    return answer


def _list(answer: Answer) -> list[object]:
    value = answer.json()
    if not isinstance(value, list):
        raise Transient("not a list", code="garbage")
    return value[:_MAX_ITEMS]


def _next_max_id(answer: Answer) -> str:
    """The `max_id` of the next page. Only this is taken from the link, never where it leads."""
    query = parse_qs(urlsplit(answer.link("next") or "").query)
    try:
        return identifier(query.get("max_id", [None])[0])
    except Unreadable:
        return ""


def _oauth_error(answer: Answer) -> str:
    try:
        return str(mapping(answer.json()).get("error"))
    except (Unreadable, Transient):
        return ""


def _credentials(host: str, app: AppRegistration, answer: Answer) -> Credentials:
    try:
        granted = mapping(answer.json())
        token = _secret(granted.get("access_token"))
    except Unreadable as error:
        raise Transient(f"{host}: no token in the answer", code="garbage") from error
    if str(granted.get("token_type", "bearer")).lower() != "bearer":
        raise Transient(f"{host}: not a bearer token", code="garbage")
    # RFC 6749, 5.1: a server that does not say has granted what was asked for.
    scopes = granted.get("scope") or app.scopes
    if not isinstance(scopes, str) or not _covers(scopes.split(), SCOPES.split()):
        raise Permanent(f"{host}: less was granted than asked for", code="too_little_access")
    return Credentials(token, " ".join(scopes.split())[:300])


def _covers(granted: list[str], needed: list[str]) -> bool:
    """A coarser scope holds the finer ones: `read` holds `read:accounts`."""
    return all(scope in granted or scope.partition(":")[0] in granted for scope in needed)


def _secret(value: object) -> str:
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
        raise Unreadable("not a key")
    return value
