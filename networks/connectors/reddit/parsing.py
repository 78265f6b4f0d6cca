"""Reddit's JSON as the values of the contract. Pure.

Things have full names, a kind and an id: `t1_` a comment, `t2_` an account, `t3_` a post.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from typing import Any

from networks.connectors.base import (
    Counts,
    Identity,
    OutreachKind,
    Person,
    ReactionKind,
    SeenOutreach,
    SeenPost,
    SeenReaction,
)
from networks.connectors.fields import (
    Unreadable,
    count,
    epoch,
    excerpt,
    identifier,
    items,
    line,
    link,
    mapping,
    shortened,
)
from networks.connectors.tags import tags

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_FULL_NAME = re.compile(r"t[1-6]_[a-z0-9]{1,13}")
_GONE = frozenset({"[deleted]", "[removed]", ""})
# Of a tree of comments no more than this is gone through, however it is nested.
_MAX_COMMENTS = 1_000


@dataclass(frozen=True)
class View:
    """From where things are seen: the host, the site's address, the present, the member."""

    host: str
    site: str
    now: datetime
    member_id: str = ""


@dataclass(frozen=True)
class Writer:
    """Who wrote something: the name of today and the account that never changes hands."""

    name: str
    account_id: str


@dataclass(frozen=True)
class Thing:
    """A post or a comment.

    `comments` is how many stand under a post. `post_id` is the post that a comment is under, and
    `post_author` its writer's name, where it is told; `on_post`: it answers the post itself.
    """

    full_name: str
    at: datetime
    writer: Writer | None
    url: str
    excerpt: str
    tags: tuple[str, ...]
    comments: int = 0
    post_id: str = ""
    post_author: str = ""
    on_post: bool = False


def parse_identity(value: object, view: View) -> tuple[Identity, Counts, str]:
    """Whose account it is, how many follow it, and its name of today."""
    account = mapping(value)
    name = _name(account.get("name"))
    account_id = identifier(account.get("id"))
    profile = account.get("subreddit")
    followers = count(profile.get("subscribers")) if isinstance(profile, dict) else None
    person = Person(
        key=account_id.lower(),
        handle=f"u/{name}",
        host=view.host,
        name=name,
        url=_link(f"/user/{name}/", view),
        created_at=_optional_epoch(account.get("created_utc"), view.now),
        followers=followers,
        picture=_picture(account.get("icon_img")),
    )
    return Identity(account_id, person), Counts(followers=followers), name


def _picture(value: object) -> str:
    """Reddit writes the ampersands of its addresses as HTML does."""
    return link(unescape(value)) if isinstance(value, str) else ""


def parse_about(value: object, view: View) -> Person:
    """Somebody by their profile: since when they are there.

    Karma is left where it is, and so are followers: hardly anybody has any on Reddit, so that they
    say nothing of who is settled.
    """
    return replace(parse_identity(mapping(value).get("data"), view)[0].person, followers=None)


def children(value: object, most: int) -> tuple[list[Any], str]:
    """The things of a listing, and the full name after which the next page begins."""
    listing = mapping(mapping(value).get("data"))
    after = listing.get("after")
    is_name = isinstance(after, str) and _FULL_NAME.fullmatch(after)
    return items(listing.get("children"), most), str(after) if is_name else ""


def parse_thing(value: object, view: View) -> Thing:
    """A post or a comment, from a listing or a tree."""
    thing = mapping(value)
    data, kind = mapping(thing.get("data")), thing.get("kind")
    if kind not in ("t1", "t3"):
        raise Unreadable("neither a post nor a comment")
    parent = data.get("parent_id")
    return Thing(
        full_name=f"{kind}_{identifier(data.get('id')).lower()}",
        at=epoch(data.get("created_utc"), view.now),
        writer=_writer(data),
        url=_link(data.get("permalink"), view),
        excerpt=_words(data),
        tags=_community(data.get("subreddit")),
        comments=count(data.get("num_comments")) or 0,
        post_id=_full_name(data.get("link_id")),
        post_author=_optional_name(data.get("link_author")),
        on_post=isinstance(parent, str) and parent.startswith("t3_"),
    )


def comments_under(value: object) -> list[Any]:
    """Every comment of a tree as Reddit sends it: the post's listing, then that of comments."""
    found: list[Any] = []
    waiting = [*items(value, 2)[1:2]]
    while waiting and len(found) < _MAX_COMMENTS:
        for child in _comments_of(waiting.pop(0)):
            found.append(child)
            waiting.append(child["data"].get("replies"))
    return found[:_MAX_COMMENTS]


def _comments_of(listing: object) -> Iterator[dict[str, Any]]:
    data = listing.get("data") if isinstance(listing, dict) else None
    for child in items(data.get("children") if isinstance(data, dict) else None, _MAX_COMMENTS):
        if isinstance(child, dict) and isinstance(child.get("data"), dict):
            yield child


def _words(data: Mapping[str, Any]) -> str:
    return shortened(line(excerpt(data.get("title")), 280)) or shortened(
        data.get("selftext") or data.get("body")
    )


def _community(value: object) -> tuple[str, ...]:
    """Reddit has no tags: people gather by subject, and say where. One's own page is no subject."""
    is_own_page = str(value).lower().startswith("u_")
    return () if is_own_page else tags([value])


def _writer(data: Mapping[str, Any]) -> Writer | None:
    """None where the account is gone, or does not say which it is."""
    name, full_name = _optional_name(data.get("author")), _full_name(data.get("author_fullname"))
    kind, _, account_id = full_name.partition("_")
    return Writer(name, account_id) if name and kind == "t2" else None


def _name(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise Unreadable("not a name")
    return value


def _optional_name(value: object) -> str:
    is_name = isinstance(value, str) and value not in _GONE and _NAME.fullmatch(value)
    return str(value) if is_name else ""


def _full_name(value: object) -> str:
    return value if isinstance(value, str) and _FULL_NAME.fullmatch(value) else ""


def _link(path: object, view: View) -> str:
    is_path = isinstance(path, str) and path.startswith("/")
    return link(f"{view.site}{path}", view.host) if is_path else ""


def _optional_epoch(value: object, now: datetime) -> datetime | None:
    try:
        return epoch(value, now)
    except Unreadable:
        return None


# --- From things to what is kept ------------------------------------------------------------------


def own_post(thing: Thing) -> SeenPost:
    return SeenPost(thing.full_name, thing.url, thing.excerpt, thing.tags, thing.at)


def reaction(thing: Thing, post_id: str, responder: Person) -> SeenReaction:
    """A comment by somebody else under a post of the member."""
    key = f"reply:{thing.full_name}"
    return SeenReaction(key, ReactionKind.REPLY, responder, thing.at, post_id)


def outreach(thing: Thing, target: Person) -> SeenOutreach:
    """A comment of the member that answers somebody's post."""
    key = f"reply:{thing.full_name}"
    return SeenOutreach(key, OutreachKind.REPLY, target, thing.at, thing.url)
