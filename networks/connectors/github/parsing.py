"""What GitHub's REST API sends, as the values of `base`; events are in `events`. Pure.

Only what everybody can see is read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from networks.connectors.base import (
    Counts,
    Identity,
    OutreachKind,
    Person,
    ReactionKind,
    SeenPost,
)
from networks.connectors.fields import (
    Unreadable,
    count,
    excerpt,
    identifier,
    items,
    line,
    link,
    mapping,
    moment,
    optional_moment,
)
from networks.connectors.tags import MAX_TAGS, tags

# Names of users (of companies' managed ones with an underscore) and of repositories.
LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_BOT = "[bot]"


@dataclass(frozen=True)
class View:
    """From where and when GitHub is looked at.

    `site` is the address of its pages, `topics` what the member's own repositories are about.
    """

    host: str
    site: str
    now: datetime
    member_id: str = ""
    login: str = ""
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def development_host(self) -> str:
        return self.host if self.site.startswith("http://") else ""

    def url(self, *parts: str) -> str:
        return link("/".join((self.site, *parts)), self.development_host)


@dataclass(frozen=True)
class Account:
    """Somebody as an item names them; an account whose id is not told has none."""

    login: str
    remote_id: str = ""
    is_bot: bool = False


@dataclass(frozen=True)
class Reacted:
    key: str
    kind: ReactionKind
    by: Account
    about: str


@dataclass(frozen=True)
class Reached:
    key: str
    kind: OutreachKind
    target: Account
    url: str


@dataclass(frozen=True)
class Happening:
    """One item of a list: when it was, and what of it counts as what."""

    remote_id: str
    at: datetime
    post: SeenPost | None = None
    reacted: Reacted | None = None
    reached: Reached | None = None

    @property
    def counts(self) -> bool:
        return bool(self.post or self.reacted or self.reached)


@dataclass(frozen=True)
class Repository:
    """One public repository. `post` is the making of it."""

    remote_id: str
    path: str
    is_own_work: bool
    stars: int
    forks: int
    post: SeenPost


def person_at(view: View, account: Account, **shown: Any) -> Person:
    """`account` with what else is shown of it."""
    return Person(
        key=account.remote_id,
        handle=f"@{account.login}@{view.host}",
        host=view.host,
        url=view.url(account.login),
        is_bot=account.is_bot,
        **shown,
    )


def parse_identity(value: object, view: View) -> tuple[Identity, Counts, str]:
    """Whose token it is, their figures, and their login today."""
    user = mapping(value)
    account = parse_account(user)
    person = person_at(
        view,
        account,
        name=line(user.get("name"), 100) or account.login,
        created_at=optional_moment(user.get("created_at"), view.now),
        followers=count(user.get("followers")),
        following=count(user.get("following")),
        picture=link(user.get("avatar_url"), view.development_host),
    )
    return Identity(account.remote_id, person), Counts(followers=person.followers), account.login


def parse_account(value: object) -> Account:
    """A user of any kind; an actor of an event has no type."""
    user = mapping(value)
    login, remote_id = user.get("login"), number_of(user.get("id"))
    if not isinstance(login, str) or not LOGIN.fullmatch(login.removesuffix(_BOT)):
        raise Unreadable("not a login")
    is_bot = login.endswith(_BOT) or user.get("type") == "Bot"
    return Account(login, remote_id, is_bot)


def parse_repository(value: object, view: View) -> Repository | None:
    """An own repository; None for one that is not public."""
    repository = mapping(value)
    if repository.get("private") is not False:
        return None
    path, remote_id = path_of(repository.get("full_name")), number_of(repository.get("id"))
    made = SeenPost(
        f"repo:{remote_id}",
        view.url(path),
        words_of(repository.get("description"), f"Made {path}"),
        tags(items(repository.get("topics"), MAX_TAGS)),
        moment(repository.get("created_at"), view.now),
    )
    return Repository(
        remote_id,
        path,
        repository.get("fork") is False,
        count(repository.get("stargazers_count")) or 0,
        count(repository.get("forks_count")) or 0,
        made,
    )


def parse_starred(value: object, view: View) -> Happening:
    """A star that the member gave."""
    starred = mapping(value)
    repository = mapping(starred.get("repo"))
    remote_id, path = number_of(repository.get("id")), path_of(repository.get("full_name"))
    at = moment(starred.get("starred_at"), view.now)
    owner = parse_account(repository.get("owner"))
    if owner.remote_id == view.member_id:
        return Happening(remote_id, at)
    key = f"star:{remote_id}"
    reached = Reached(key, OutreachKind.STAR, owner, view.url(path))
    return Happening(remote_id, at, reached=reached)


def parse_written(value: object, kind: str, repository: Repository, view: View) -> Happening:
    """An issue, a pull request or a comment in the lists of an own repository.

    `kind` is `issue`, `comment` or `review-comment`. The key is that of the same thing in an event.
    """
    item = mapping(value)
    remote_id, at = number_of(item.get("id")), moment(item.get("created_at"), view.now)
    author = parse_account(item.get("user"))
    if author.remote_id == view.member_id:
        return Happening(remote_id, at)
    thread = f"{repository.remote_id}/"
    if kind == "issue":
        key, about = f"issue:{thread}{number_of(item.get('number'))}", repository.post.remote_id
        return Happening(remote_id, at, reacted=Reacted(key, ReactionKind.ISSUE, author, about))
    is_review = kind == "review-comment"
    url = item.get("pull_request_url" if is_review else "issue_url")
    about = thread + number_of(str(url).rpartition("/")[2])
    reaction = ReactionKind.REVIEW if is_review else ReactionKind.REPLY
    return Happening(remote_id, at, reacted=Reacted(f"{kind}:{remote_id}", reaction, author, about))


def words_of(value: object, otherwise: str) -> str:
    return excerpt(value) or otherwise


def number_of(value: object) -> str:
    """An id: GitHub has numbers for everything."""
    found = identifier(value)
    if not found.isdigit():
        raise Unreadable("not a number")
    return found


def path_of(value: object) -> str:
    """`ada/lighthouse`, fit to stand in an address."""
    owner, _, name = value.partition("/") if isinstance(value, str) else ("", "", "")
    is_name = bool(_REPOSITORY.fullmatch(name)) and name.strip(".")
    if not LOGIN.fullmatch(owner) or not is_name:
        raise Unreadable("not the name of a repository")
    return f"{owner}/{name}"
