"""A connector that reads from a script instead of a network, for tests of the services.

Each host has a `Server`; tests put people, pages and failures into it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    ConnectorError,
    Consent,
    Counts,
    Credentials,
    Cursor,
    Destination,
    Identity,
    OutOfAllowance,
    OutreachKind,
    Page,
    Permanent,
    Person,
    ReactionKind,
    SeenOutreach,
    SeenPost,
    SeenReaction,
)


@dataclass
class Server:
    """What one pretend server knows and was asked."""

    who: Identity | None = None
    pages: list[Page] = field(default_factory=list)
    fails: dict[str, ConnectorError] = field(default_factory=dict)
    apps: dict[str, str] = field(default_factory=dict)
    exchanged: list[dict[str, str]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    reads: int = 0
    before_page: Callable[[int], None] = lambda number: None
    per_run: int = 20
    registered: int = 0
    consent: Consent = field(default_factory=lambda: Consent(""))
    granted: Credentials | None = None
    used_up: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    read_with: list[str] = field(default_factory=list)

    def check(self, step: str) -> None:
        if step in self.fails:
            raise self.fails[step]


SERVERS: dict[str, Server] = {}


class ScriptedConnector:
    """Keeps the contract of `Connector`; its cursor is the number of pages read."""

    def __init__(self, door: object, setup: object) -> None:
        self.door = door

    def find(self, typed: str) -> Destination:
        host = typed.strip().lower().removeprefix("https://").strip("/")
        if "." not in host or " " in host:
            raise ValueError("This is not the name of a server. Nothing was changed.")
        return Destination(host)

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        server = _server(host)
        server.check("register")
        server.registered += 1
        client_id = f"client-{server.registered}"
        server.apps[client_id] = redirect_uri
        return AppRegistration(client_id, f"secret-of-{client_id}", "read")

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        return app.client_id in _server(host).apps

    def ask_consent(
        self,
        destination: Destination,
        app: AppRegistration,
        redirect_uri: str,
        state: str,
        challenge: str,
    ) -> Consent:
        query = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        url = f"https://{destination.host}/oauth/authorize?{urlencode(query)}"
        return replace(_server(destination.host).consent, url=url)

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
        server = _server(host)
        server.check("exchange")
        if app.client_id not in server.apps:
            raise Permanent("unknown client", code="app_forgotten")
        server.exchanged.append({"code": code, "verifier": verifier, "uri": redirect_uri, **kept})
        return server.granted or Credentials(
            access_token=f"token-{host}-{len(server.exchanged)}", scopes="read"
        )

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        """Each refresh token is good for one use."""
        server = _server(host)
        server.check("refresh")
        if credentials.refresh_token in server.used_up:
            raise AccessRevoked("used up")
        server.used_up.append(credentials.refresh_token)
        number = len(server.used_up)
        return replace(
            credentials,
            access_token=f"renewed-{number}",
            refresh_token=f"refresh-{number}",
            expires_at=now + timedelta(hours=1),
        )

    def identify(self, host: str, credentials: Credentials) -> Identity:
        server = _server(host)
        server.check("identify")
        assert server.who
        return server.who

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
        server = _server(host)
        server.reads += 1
        server.read_with.append(credentials.access_token)
        if credentials.access_token in server.refused:
            raise AccessRevoked("refused")
        start = int(cursor.get("page", 0))
        for number in range(start, min(start + server.per_run, len(server.pages))):
            server.before_page(number)
            server.check(f"page {number}")
            page = server.pages[number]
            if allowance is not None:
                allowance -= page.cost
                if allowance < 0:
                    raise OutOfAllowance
            yield page
        server.check("end")

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        server = _server(host)
        server.check("revoke")
        server.revoked.append(credentials.access_token)


def _server(host: str) -> Server:
    return SERVERS[host]


def person(name: str, host: str = "known.example", now: datetime | None = None, **f: Any) -> Person:
    """Somebody with a full standing, if `now` is given."""
    fields: dict[str, Any] = {"followers": 200, "following": 100, "posts": 500} | f
    if now:
        fields.setdefault("created_at", now - timedelta(days=400))
    return Person(f"{name}@{host}", f"@{name}@{host}", host, name.title(), **fields)


def identity(name: str, remote_id: str, now: datetime, host: str = "known.example") -> Identity:
    return Identity(remote_id, person(name, host, now, url=f"https://{host}/@{name}"))


def reaction(name: str, number: int, now: datetime, **fields: Any) -> SeenReaction:
    values: dict[str, Any] = {
        "key": f"favourite:{name}:{number}",
        "kind": ReactionKind.FAVOURITE,
        "responder": person(name, now=now),
        "happened_at": now - timedelta(hours=number),
        "post_remote_id": str(number),
    }
    return SeenReaction(**(values | fields))


def post(number: int, now: datetime) -> SeenPost:
    url = f"https://known.example/@ada/{number}"
    return SeenPost(str(number), url, f"Post {number}", ("tea",), now - timedelta(days=number))


def outreach(name: str, number: int, now: datetime, **fields: Any) -> SeenOutreach:
    values: dict[str, Any] = {
        "key": f"reply:{number}",
        "kind": OutreachKind.REPLY,
        "target": person(name, now=now),
        "happened_at": now - timedelta(hours=number),
    }
    return SeenOutreach(**(values | fields))


def story(who: Identity, now: datetime, pages: int = 5, more: bool = False) -> list[Page]:
    """Pages with posts after the reactions to them, duplicates, and acts seen twice."""
    return [
        Page(
            cursor={"page": number + 1},
            counts=Counts(followers=321, posts=pages) if number == 0 else None,
            identity=who if number == 0 else None,
            posts=(post(max(number - 1, 0), now),),
            reactions=tuple(
                reaction(name, at, now) for name in ("bo", "cy") for at in (number, number // 2)
            ),
            outreach=(outreach("grace", number, now), outreach("grace", number, now)),
            progress=f"page {number + 1}",
            more=more,
        )
        for number in range(pages)
    ]
