"""The contract every connector keeps: what goes in, what comes out, how it fails.

A connector is built with a door and, for reading, the credentials of one account. It never sees
the database. What a platform sends is parsed here into small frozen values; what does not parse
is set aside and counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class ReactionKind(StrEnum):
    """What somebody did to the member's words."""

    REPLY = "reply"
    MENTION = "mention"
    QUOTE = "quote"
    RESHARE = "reshare"
    FAVOURITE = "favourite"
    FOLLOW = "follow"
    STAR = "star"


class OutreachKind(StrEnum):
    """What the member did to somebody else's words."""

    REPLY = "reply"
    MENTION = "mention"
    QUOTE = "quote"
    RESHARE = "reshare"
    FAVOURITE = "favourite"
    FOLLOW = "follow"


@dataclass(frozen=True)
class Person:
    """Somebody on a platform as their profile shows them at that moment.

    `key` names the person on the whole platform, the same seen from any server of it
    (Mastodon: `user@host` in lower case). `host` is where their account lives.
    Counts are None where the platform does not show them.
    """

    key: str
    handle: str
    host: str
    name: str = ""
    url: str = ""
    created_at: datetime | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    is_bot: bool = False


@dataclass(frozen=True)
class Identity:
    """Who gave consent: the immutable id on its host, and how they are called today."""

    remote_id: str
    person: Person


@dataclass(frozen=True)
class SeenPost:
    """One of the member's own posts. `excerpt` is plain text of at most 280 characters."""

    remote_id: str
    url: str
    excerpt: str
    tags: tuple[str, ...]
    posted_at: datetime


@dataclass(frozen=True)
class SeenReaction:
    """`key` is the same for the same act however often it is seen (kind, person, post)."""

    key: str
    kind: ReactionKind
    responder: Person
    happened_at: datetime
    post_remote_id: str | None = None


@dataclass(frozen=True)
class SeenOutreach:
    """`key` is the same for the same act however often it is seen."""

    key: str
    kind: OutreachKind
    target: Person
    happened_at: datetime
    url: str = ""


@dataclass(frozen=True)
class Counts:
    """The figures of the profile now; None where the platform has no such figure."""

    followers: int | None = None
    curation: int | None = None
    posts: int | None = None


Cursor = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One page of what was read, stored together with the cursor that comes after it.

    `more` is True where the run stopped here although there is more to read now (it is then
    taken up again at once); False on the last page of a run that reached the end.
    `set_aside` counts items that did not parse. `progress` is a plain-English phrase of what
    is being read, for the page the member watches during the first poll.
    """

    cursor: Cursor
    counts: Counts | None = None
    identity: Identity | None = None
    posts: tuple[SeenPost, ...] = ()
    reactions: tuple[SeenReaction, ...] = ()
    outreach: tuple[SeenOutreach, ...] = ()
    set_aside: int = 0
    progress: str = ""
    more: bool = False


@dataclass(frozen=True)
class AppRegistration:
    """What a server gave us when we registered there; `client_secret` is kept encrypted."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: str


@dataclass(frozen=True)
class Credentials:
    """What reading needs; kept encrypted as one JSON text."""

    access_token: str = field(repr=False)
    scopes: str = ""
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None


class ConnectorError(Exception):
    """A platform could not be read. `code` picks the sentence the member sees (see `problems`).

    `detail` is for our logs: never a token, at most 200 characters.
    """

    code = "failed"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail[:200]
        if code:
            self.code = code


class Permanent(ConnectorError):
    """Trying again will not help until the member does something."""


class AccessRevoked(Permanent):
    """The platform says that our token is not, or no longer, good."""

    code = "access_revoked"


class NotThisPlatform(Permanent):
    """The server answers, but does not speak this platform's language."""

    code = "not_this_platform"


class Transient(ConnectorError):
    """Trying again later may help.

    Codes: unreachable, too_slow, too_large, garbage, refused_address, redirected_away,
    server_error.
    """

    code = "unreachable"


@dataclass
class RateLimited(ConnectorError):
    """The platform asks us to wait until `until` (UTC)."""

    until: datetime
    detail: str = ""
    code: str = field(default="rate_limited")

    def __post_init__(self) -> None:
        Exception.__init__(self, self.detail)


class Connector(Protocol):
    """One platform. `host` is the member's server where the platform has many."""

    def normalise_host(self, text: str) -> str:
        """What a member typed (`https://Example.org/`, `@ada@example.org`) as `host[:port]`.

        Raises ValueError with a sentence for the member.
        """
        ...

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """Register our application at a server that has none of ours yet."""
        ...

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        """Whether the server still knows our registration (Mastodon forgets unused ones)."""
        ...

    def authorize_url(
        self, host: str, app: AppRegistration, redirect_uri: str, state: str, challenge: str
    ) -> str:
        """Where to send the member for consent (PKCE S256 challenge)."""
        ...

    def exchange(
        self, host: str, app: AppRegistration, redirect_uri: str, code: str, verifier: str
    ) -> Credentials:
        """Trade the code for credentials.

        Raises Permanent: `app_forgotten` (the server has forgotten our registration),
        `code_refused` (it does not take this code) or `too_little_access` (it granted less than
        reading takes).
        """
        ...

    def identify(self, host: str, credentials: Credentials) -> Identity:
        """Who the credentials belong to."""
        ...

    def read(
        self, host: str, credentials: Credentials, cursor: Cursor, *, since: datetime, now: datetime
    ) -> Iterator[Page]:
        """Pages of what is new after `cursor` (empty: everything back to `since`).

        May be stopped after any page and taken up again from that page's cursor; at most 20
        pages a run. The first page carries `counts` and `identity`.
        """
        ...

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        """Take our access back at the platform."""
        ...
