"""The contract every connector keeps: what goes in, what comes out, how it fails.

A connector is built with a door and, for reading, the credentials of one account. It never sees
the database. What a platform sends is parsed here into small frozen values; what does not parse
is set aside and counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class ReactionKind(StrEnum):
    """What somebody did to the member's words, or to what the member made."""

    REPLY = "reply"
    MENTION = "mention"
    QUOTE = "quote"
    RESHARE = "reshare"
    FAVOURITE = "favourite"
    FOLLOW = "follow"
    STAR = "star"
    FORK = "fork"
    ISSUE = "issue"
    REVIEW = "review"
    BOOKMARK = "bookmark"


class OutreachKind(StrEnum):
    """What the member did to somebody else's words."""

    REPLY = "reply"
    MENTION = "mention"
    QUOTE = "quote"
    RESHARE = "reshare"
    FAVOURITE = "favourite"
    FOLLOW = "follow"
    STAR = "star"
    REVIEW = "review"
    ISSUE = "issue"


@dataclass(frozen=True)
class Setup:
    """What the operator set for one platform, by the short names of `Platform.options`.

    `base_url` is our own address on the web, without a slash at the end.
    """

    base_url: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Person:
    """Somebody on a platform as their profile shows them at that moment.

    `key` names the person on the whole platform, the same seen from any server of it
    (Mastodon: `user@host` in lower case). `host` is where their account lives.
    Counts are None where the platform does not show them. `picture` is the https address of their
    picture there; only a member's own is ever fetched, and only theirs is kept.
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
    picture: str = ""


@dataclass(frozen=True)
class Identity:
    """Who gave consent: the immutable id on its host, and how they are called today.

    `served_by` is the server that tells us what happened there, where it is another one than
    `person.host`: its figures are believed only if it is known.
    """

    remote_id: str
    person: Person
    served_by: str = ""


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
    is being read, for the page the member watches during the first poll. `cost` is what reading
    this page cost the operator, in millionths of a US dollar. Of the people on it `looked_up`
    were looked up at home as well, and of `told_more` this server told more than their own does.
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
    cost: int = 0
    looked_up: int = 0
    told_more: int = 0


@dataclass(frozen=True)
class Destination:
    """Where a member wants to be asked: the host, and the account they named, if they did."""

    host: str
    login: str = ""


@dataclass(frozen=True)
class Consent:
    """The way to a consent page, and what has to be remembered until its answer comes back.

    `issuer` is the host that an `iss` in the answer must name (RFC 9207); empty: the destination's.
    `needs_issuer`: an answer without one does not count. `kept` is stored encrypted and handed to
    `exchange`.
    """

    url: str = field(repr=False)
    issuer: str = ""
    needs_issuer: bool = False
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class AppRegistration:
    """What a server knows us by; `client_secret` is kept encrypted, empty for a public client."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: str


@dataclass(frozen=True)
class Credentials:
    """What reading needs; kept encrypted as one JSON text.

    `expires_at`: when the access token ends, None if never. `extra` is what one platform needs
    besides (a key that the token is bound to, where the account lives), by names of its own.
    """

    access_token: str = field(repr=False)
    scopes: str = ""
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)


class ConnectorError(Exception):
    """A platform could not be read. `code` picks the sentence the member sees (see `problems`).

    `detail` is for our logs: never a token, at most 200 characters. `cost` is what the request
    that failed may have cost all the same, in millionths of a US dollar.
    """

    code = "failed"
    cost = 0

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


class OutOfAllowance(ConnectorError):
    """Reading on would cost more than this account may cost now."""

    code = "out_of_allowance"


@dataclass
class RateLimited(ConnectorError):
    """The platform asks us to wait until `until` (UTC)."""

    until: datetime
    detail: str = ""
    code: str = field(default="rate_limited")

    def __post_init__(self) -> None:
        Exception.__init__(self, self.detail)


class Reader(Protocol):
    """The half of a connector that reads one account. Every method may raise ConnectorError."""

    def identify(self, host: str, credentials: Credentials) -> Identity:
        """Who the credentials belong to."""
        ...

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
        """Pages of what is new after `cursor` (empty: everything back to `since`).

        May be stopped after any page and taken up again from that page's cursor; at most 20
        pages a run. The first page carries `counts` and `identity` (where looking costs money,
        figures and identity at least once a week, and `Counts()` in between). `allowance` is
        what the run may cost at most, in millionths of a US dollar; None where reading costs
        nothing. A run that stops for it raises OutOfAllowance after its last page, and no request
        is made whose worst case would exceed it.
        """
        ...


class Connector(Reader, Protocol):
    """One platform, asked for consent by OAuth. `host` is the member's server.

    Built as `Connector(door, setup)` for each use. A platform with one host for everybody always
    finds that host. Every method may raise ConnectorError.
    """

    def find(self, typed: str) -> Destination:
        """Where to ask somebody who typed this (`https://Example.org/`, `@ada@example.org`).

        Pure. Raises ValueError with a sentence for the member.
        """
        ...

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        """Our application at a server: a new one, or the one that the operator made there."""
        ...

    def is_registered(self, host: str, app: AppRegistration) -> bool:
        """Whether that is still our application there (Mastodon forgets unused ones)."""
        ...

    def ask_consent(
        self,
        destination: Destination,
        app: AppRegistration,
        redirect_uri: str,
        state: str,
        challenge: str,
    ) -> Consent:
        """Where to send the member for consent (PKCE S256 challenge)."""
        ...

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
        """Trade the code for credentials; `kept` is what `ask_consent` said to remember.

        Raises Permanent: `app_forgotten` (the server has forgotten our registration),
        `code_refused` (it does not take this code) or `too_little_access` (it granted less than
        reading takes).
        """
        ...

    def refresh(
        self, host: str, app: AppRegistration, credentials: Credentials, now: datetime
    ) -> Credentials:
        """Fresh credentials for those that end; called under a lock, one at a time per account.

        Raises AccessRevoked where the refresh token is no longer taken, or there is none.
        """
        ...

    def revoke(self, host: str, app: AppRegistration, credentials: Credentials) -> None:
        """Take our access back at the platform."""
        ...


@runtime_checkable
class LooksUp(Protocol):
    """A platform of many servers, where anybody's profile can be asked for at its own."""

    def look_up(self, person: Person, now: datetime) -> Person | None:
        """The person as their own server shows them; None where it does not tell us."""
        ...
