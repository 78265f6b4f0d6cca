"""X's JSON as the values of the contract. Pure.

X is renaming its fields from tweet to post; both names are read. An item that does not parse
raises Unreadable and is set aside by the caller.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
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
    excerpt,
    items,
    line,
    link,
    mapping,
    moment,
    optional_moment,
)
from networks.connectors.tags import tags
from networks.connectors.x.descent_by_ids import post_id

HOST = "x.com"
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,20}")
_REPOSTED = re.compile(r"RT @([A-Za-z0-9_]{1,20}):")
_MAX_NAME = 100
_MAX_ENTITIES = 20
_MAX_MENTIONS = 20
_MAX_INCLUDED = 500


@dataclass(frozen=True)
class Viewpoint:
    """From where items are seen: the member's id, the present, whether all may read the member.

    `own`: ids of the member's own latest posts.
    """

    member_id: str
    now: datetime
    is_protected: bool = False
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Included:
    """What came along with an answer, by id."""

    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    posts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """What one item of a list tells."""

    id: str
    at: datetime
    post: SeenPost | None = None
    reaction: SeenReaction | None = None
    outreach: tuple[SeenOutreach, ...] = ()


def included(answer: Mapping[str, Any]) -> Included:
    found = answer.get("includes")
    found = found if isinstance(found, dict) else {}
    return Included(_by_id(found.get("users")), _by_id(either(found, "tweets", "posts")))


def _by_id(values: object) -> dict[str, Mapping[str, Any]]:
    kept = [value for value in items(values, _MAX_INCLUDED) if isinstance(value, dict)]
    return {post_id(value.get("id")): value for value in kept if post_id(value.get("id"))}


def either(value: Mapping[str, Any], old: str, new: str) -> Any:
    """A field by its old or its new name."""
    return value[old] if value.get(old) is not None else value.get(new)


def needed_id(value: object) -> str:
    """An id, or Unreadable."""
    found = post_id(value)
    if not found:
        raise Unreadable("not an id")
    return found


def parse_identity(value: object, now: datetime) -> tuple[Identity, Counts]:
    """The account that the credentials belong to."""
    picture = link(mapping(value).get("profile_image_url"))
    person = replace(parse_person(value, now), picture=picture)
    listed = count(_metrics(mapping(value)).get("listed_count"))
    counts = Counts(followers=person.followers, curation=listed, posts=person.posts)
    return Identity(person.key, person), counts


def is_protected(value: object) -> bool:
    return mapping(value).get("protected") is True


def parse_person(value: object, now: datetime) -> Person:
    """Somebody's profile as it came along."""
    user = mapping(value)
    metrics = _metrics(user)
    person = _named(needed_id(user.get("id")), user.get("username"), user.get("name"))
    return Person(
        key=person.key,
        handle=person.handle,
        host=HOST,
        name=person.name,
        url=person.url,
        created_at=optional_moment(user.get("created_at"), now),
        followers=count(metrics.get("followers_count")),
        following=count(metrics.get("following_count")),
        posts=count(either(metrics, "tweet_count", "post_count")),
    )


def _metrics(user: Mapping[str, Any]) -> Mapping[str, Any]:
    metrics = user.get("public_metrics")
    return metrics if isinstance(metrics, dict) else {}


def _named(person_id: str, username: object, name: object = "") -> Person:
    if not isinstance(username, str) or not _USERNAME.fullmatch(username):
        raise Unreadable("not a name")
    handle, url = f"@{username}@{HOST}", f"https://{HOST}/{username}"
    return Person(person_id, handle, HOST, line(name, _MAX_NAME), url)


def parse_response(value: object, came: Included, view: Viewpoint) -> Item:
    """Somebody else's post that mentions, answers, quotes or reposts the member.

    Without the profile of who wrote it there is nothing to weigh it by: Unreadable.
    """
    post = mapping(value)
    remote_id, at = needed_id(post.get("id")), moment(post.get("created_at"), view.now)
    author = needed_id(post.get("author_id"))
    if author == view.member_id:
        return Item(remote_id, at)
    responder = parse_person(came.users.get(author), view.now)
    refers = _references(post)
    if "retweeted" in refers:
        return Item(remote_id, at, reaction=_reshared(refers["retweeted"], responder, at, view))
    key = f"post:{remote_id}"
    if refers.get("quoted") in view.own:
        kind, about = ReactionKind.QUOTE, refers["quoted"]
    elif post_id(post.get("in_reply_to_user_id")) == view.member_id and "replied_to" in refers:
        kind, about = ReactionKind.REPLY, refers["replied_to"]
    else:
        return Item(remote_id, at, reaction=SeenReaction(key, ReactionKind.MENTION, responder, at))
    return Item(remote_id, at, reaction=SeenReaction(key, kind, responder, at, about))


def parse_share(value: object, came: Included, view: Viewpoint) -> Item:
    """A repost or a quote of one of the member's posts, found by asking for just these.

    Reposts are asked for by the member's name, and names change hands: whose words a repost
    carries is told by the id of whom it mentions.
    """
    post = mapping(value)
    original = _references(post).get("retweeted")
    if original and view.member_id in _mentioned(post):
        view = replace(view, own=(*view.own, original))
    return parse_response(value, came, view)


def _reshared(
    original: str, responder: Person, at: datetime, view: Viewpoint
) -> SeenReaction | None:
    if original not in view.own:
        return None
    kind = ReactionKind.RESHARE
    return SeenReaction(f"{kind}:{responder.key}:{original}", kind, responder, at, original)


def _references(post: Mapping[str, Any]) -> dict[str, str]:
    """What a post answers, quotes or reposts: the kind of reference and the id."""
    found: dict[str, str] = {}
    for reference in items(either(post, "referenced_tweets", "referenced_posts"), 5):
        if isinstance(reference, dict) and post_id(reference.get("id")):
            kind = reference.get("type")
            name = "retweeted" if kind == "reposted" else kind
            if name in ("retweeted", "quoted", "replied_to"):
                found[name] = post_id(reference.get("id"))
    return found


def parse_own(value: object, came: Included, view: Viewpoint) -> Item:
    """One of the member's own posts or reposts. Somebody else's among them is Unreadable."""
    post = mapping(value)
    remote_id, at = needed_id(post.get("id")), moment(post.get("created_at"), view.now)
    if post.get("author_id") is not None and post_id(post.get("author_id")) != view.member_id:
        raise Unreadable("not the member's")
    refers = _references(post)
    if "retweeted" in refers:
        return Item(remote_id, at, outreach=_reposted(post, refers["retweeted"], at, came, view))
    return Item(
        remote_id,
        at,
        _post(post, remote_id, at, view),
        None,
        _reached(post, remote_id, at, refers, came, view),
    )


def _post(post: Mapping[str, Any], remote_id: str, at: datetime, view: Viewpoint) -> SeenPost:
    """Words and tags only of what everybody may read."""
    return SeenPost(
        remote_id=remote_id,
        url=_link(remote_id),
        excerpt="" if view.is_protected else excerpt(post.get("text")),
        tags=() if view.is_protected else _tags(post),
        posted_at=at,
    )


def _link(remote_id: str) -> str:
    """Leads to a post whatever its author is called today."""
    return f"https://{HOST}/i/web/status/{remote_id}"


def _tags(post: Mapping[str, Any]) -> tuple[str, ...]:
    return tags(tag.get("tag") for tag in _entities(post, "hashtags"))


def _entities(post: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    entities = post.get("entities")
    values = entities.get(kind) if isinstance(entities, dict) else None
    return (value for value in items(values, _MAX_ENTITIES) if isinstance(value, dict))


def _mentioned(post: Mapping[str, Any]) -> dict[str, str]:
    """Names by id of those whom a post mentions; they are part of the post and cost nothing."""
    people: dict[str, str] = {}
    for mention in _entities(post, "mentions"):
        if post_id(mention.get("id")) and isinstance(mention.get("username"), str):
            people[post_id(mention.get("id"))] = mention["username"]
    return people


def _reposted(
    post: Mapping[str, Any], original: str, at: datetime, came: Included, view: Viewpoint
) -> tuple[SeenOutreach, ...]:
    """Whose words a repost carries is told by what came along, or how its text begins."""
    names = _mentioned(post)
    author = _author(came, original)
    if not author:
        said = _REPOSTED.match(str(post.get("text")))
        author = next((who for who, name in names.items() if said and name == said[1]), "")
    key = f"{OutreachKind.RESHARE}:{original}"
    url = _link(original)
    return _acts([(OutreachKind.RESHARE, key, author, names.get(author))], at, url, came, view)


def _reached(
    post: Mapping[str, Any],
    remote_id: str,
    at: datetime,
    refers: Mapping[str, str],
    came: Included,
    view: Viewpoint,
) -> tuple[SeenOutreach, ...]:
    """Whom an own post answers, quotes or mentions."""
    names = _mentioned(post)
    answered = post_id(post.get("in_reply_to_user_id"))
    quoted = _author(came, refers.get("quoted", ""))
    people = dict.fromkeys(names, OutreachKind.MENTION)
    if quoted:
        people[quoted] = OutreachKind.QUOTE
        names.setdefault(quoted, _quoted_name(post, refers["quoted"]))
    if answered:
        people[answered] = OutreachKind.REPLY
    acts = [
        (kind, f"{kind}:{remote_id}:{who}", who, names.get(who)) for who, kind in people.items()
    ]
    return _acts(acts[-_MAX_MENTIONS:], at, _link(remote_id), came, view)


def _quoted_name(post: Mapping[str, Any], quoted: str) -> str:
    """The name in the address of the quoted post."""
    for url in _entities(post, "urls"):
        parts = str(url.get("expanded_url")).split("/")
        if parts[-2:] == ["status", quoted] and len(parts) > 3:
            return parts[-3]
    return ""


def _author(came: Included, remote_id: str) -> str:
    return post_id(came.posts.get(remote_id, {}).get("author_id"))


def _acts(
    acts: list[tuple[OutreachKind, str, str, str | None]],
    at: datetime,
    url: str,
    came: Included,
    view: Viewpoint,
) -> tuple[SeenOutreach, ...]:
    """Acts towards people whose id and name are known, other than the member."""
    found: list[SeenOutreach] = []
    for kind, key, who, name in acts:
        if not who or who == view.member_id:
            continue
        profile = came.users.get(who, {"id": who, "username": name})
        try:
            found.append(SeenOutreach(key, kind, parse_person(profile, view.now), at, url))
        except Unreadable:
            continue
    return tuple(found)
