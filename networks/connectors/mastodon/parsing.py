"""Mastodon's JSON as the values of the contract. Pure.

Forgiving in what may be missing or odd, strict in what is kept; an item that does not parse
raises Unreadable and is set aside by the caller. Private messages are dropped here, at the
border: no post, reaction or outreach is made of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from networks.address_guard import server_name
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
    identifier,
    items,
    line,
    link,
    mapping,
    moment,
    optional_moment,
)
from networks.connectors.tags import MAX_TAGS, tags

_USER = re.compile(r"[A-Za-z0-9_.~-]{1,64}")
_MAX_KEY = 200
_MAX_NAME = 100
_MAX_MENTIONS = 20
_PRIVATE_MESSAGE = "direct"
_FOR_ALL = ("public", "unlisted")

# Kinds of notification that somebody's reaction makes; all others are none of our business.
# The last three are how Pleroma, Akkoma, glitch-soc and Misskey-likes call an emoji reaction.
_ABOUT_A_POST = {
    "favourite": ReactionKind.FAVOURITE,
    "reblog": ReactionKind.RESHARE,
    "pleroma:emoji_reaction": ReactionKind.FAVOURITE,
    "emoji_reaction": ReactionKind.FAVOURITE,
    "reaction": ReactionKind.FAVOURITE,
}


@dataclass(frozen=True)
class Viewpoint:
    """From where items are seen: the domain of the handles there, the member's id, the present.

    `development_host` is the server where it may be linked to without https, else "".
    """

    host: str
    member_id: str
    now: datetime
    development_host: str = ""


@dataclass(frozen=True)
class Written:
    """What one of the member's own statuses tells: a post, or whom it reaches out to, or both."""

    id: str
    at: datetime
    post: SeenPost | None = None
    outreach: tuple[SeenOutreach, ...] = ()


@dataclass(frozen=True)
class Notified:
    """What one notification tells. `post` is the member's post it is about, where it is shown."""

    id: str
    at: datetime
    reaction: SeenReaction | None = None
    post: SeenPost | None = None


def parse_identity(value: object, view: Viewpoint) -> tuple[Identity, Counts]:
    """The account that the credentials belong to.

    It is at home where `view` says, whatever domain the server claims for it: else any server
    could let its people pass for those of another.
    """
    account = mapping(value)
    user = str(account.get("acct")).partition("@")[0]
    person = parse_person({**account, "acct": user}, view)
    # The one that does not move.
    picture = link(account.get("avatar_static"), view.development_host)
    person = replace(person, picture=picture)
    counts = Counts(followers=person.followers, posts=person.posts)
    return Identity(identifier(account.get("id")), person), counts


def parse_person(value: object, view: Viewpoint) -> Person:
    """Somebody's account as shown, or a mention of it (which has no figures)."""
    account = mapping(value)
    user, host = _user_and_host(account.get("acct"), view)
    return Person(
        key=f"{user.lower()}@{host}",
        handle=f"@{user}@{host}",
        host=host,
        name=line(account.get("display_name"), _MAX_NAME),
        url=link(account.get("url"), view.development_host),
        created_at=optional_moment(account.get("created_at"), view.now),
        followers=count(account.get("followers_count")),
        following=count(account.get("following_count")),
        posts=count(account.get("statuses_count")),
        is_bot=account.get("bot") is True,
    )


def _user_and_host(acct: object, view: Viewpoint) -> tuple[str, str]:
    if not isinstance(acct, str):
        raise Unreadable("no acct")
    user, _, host = acct.partition("@")
    host = _host(host) if host and host != view.development_host else view.host
    if not _USER.fullmatch(user) or len(user) + len(host) >= _MAX_KEY:
        raise Unreadable("not an acct")
    return user, host


def _host(text: str) -> str:
    try:
        return server_name(text)
    except ValueError as error:
        raise Unreadable("not a host") from error


def parse_own_status(value: object, view: Viewpoint) -> Written:
    """One of the member's own statuses. Somebody else's among them is Unreadable."""
    status = mapping(value)
    status_id, at = identifier(status.get("id")), moment(status.get("created_at"), view.now)
    if _author_id(status) != view.member_id:
        raise Unreadable("not the member's")
    if status.get("visibility") == _PRIVATE_MESSAGE:
        return Written(status_id, at)
    if status.get("reblog") is not None:
        return Written(status_id, at, outreach=_reshared(mapping(status["reblog"]), at, view))
    return Written(status_id, at, _post(status, status_id, at, view), _reached(status, at, view))


def _author_id(status: Mapping[str, Any]) -> str:
    return identifier(mapping(status.get("account")).get("id"))


def _post(status: Mapping[str, Any], status_id: str, at: datetime, view: Viewpoint) -> SeenPost:
    """Words and tags only of what everybody may read, and nothing from under a warning."""
    is_for_all = status.get("visibility") in _FOR_ALL
    warning = line(status.get("spoiler_text"), _MAX_NAME)
    return SeenPost(
        remote_id=status_id,
        url=link(status.get("url"), view.development_host),
        excerpt=(warning or excerpt(status.get("content"))) if is_for_all else "",
        tags=_tags(status) if is_for_all and not warning else (),
        posted_at=at,
    )


def _tags(status: Mapping[str, Any]) -> tuple[str, ...]:
    found = (tag for tag in items(status.get("tags"), MAX_TAGS) if isinstance(tag, dict))
    return tags(tag.get("name") for tag in found)


def _reshared(
    original: Mapping[str, Any], at: datetime, view: Viewpoint
) -> tuple[SeenOutreach, ...]:
    if _author_id(original) == view.member_id:
        return ()
    target = parse_person(original.get("account"), view)
    key = f"reshare:{identifier(original.get('id'))}"
    return (_outreach(OutreachKind.RESHARE, key, target, original, at, view),)


def _reached(status: Mapping[str, Any], at: datetime, view: Viewpoint) -> tuple[SeenOutreach, ...]:
    """Whom an own post answers, mentions or quotes.

    The answered person's handle is only known where the status mentions them, too.
    """
    status_id = identifier(status.get("id"))
    answered_id = status.get("in_reply_to_account_id")
    found: dict[str, SeenOutreach] = {}
    for mention in items(status.get("mentions"), _MAX_MENTIONS):
        try:
            target = parse_person(mention, view)
            mentioned_id = identifier(mention.get("id"))
        except Unreadable:
            continue
        is_answered = mentioned_id == str(answered_id)
        kind = OutreachKind.REPLY if is_answered else OutreachKind.MENTION
        key = f"{kind}:{status_id}:{target.key}"
        if mentioned_id != view.member_id:
            found[key] = _outreach(kind, key, target, status, at, view)
    quoted = _quoted_status(status)
    if quoted is not None:
        found |= _quoting(status, quoted, at, view)
    return tuple(found.values())


def _quoted_status(status: Mapping[str, Any]) -> Mapping[str, Any] | None:
    quote = status.get("quote")
    quoted = quote.get("quoted_status") if isinstance(quote, dict) else None
    return quoted if isinstance(quoted, dict) else None


def _quoting(
    status: Mapping[str, Any], quoted: Mapping[str, Any], at: datetime, view: Viewpoint
) -> dict[str, SeenOutreach]:
    try:
        if _author_id(quoted) == view.member_id:
            return {}
        target = parse_person(quoted.get("account"), view)
    except Unreadable:
        return {}
    key = f"quote:{identifier(status.get('id'))}:{target.key}"
    return {key: _outreach(OutreachKind.QUOTE, key, target, status, at, view)}


def _outreach(
    kind: OutreachKind,
    key: str,
    target: Person,
    status: Mapping[str, Any],
    at: datetime,
    view: Viewpoint,
) -> SeenOutreach:
    return SeenOutreach(key, kind, target, at, link(status.get("url"), view.development_host))


def parse_followed(value: object, view: Viewpoint) -> tuple[str, SeenOutreach | None]:
    """Somebody the member follows. Mastodon does not say since when: since we saw it first."""
    account = mapping(value)
    account_id = identifier(account.get("id"))
    if account_id == view.member_id:
        return account_id, None
    target = parse_person(account, view)
    kind = OutreachKind.FOLLOW
    return account_id, SeenOutreach(f"{kind}:{target.key}", kind, target, view.now, target.url)


def parse_notification(value: object, view: Viewpoint) -> Notified:
    """A notification; without a reaction where it is not one of somebody else's."""
    notification = mapping(value)
    notified_id = identifier(notification.get("id"))
    at = moment(notification.get("created_at"), view.now)
    kind = notification.get("type")
    nothing = Notified(notified_id, at)
    if not isinstance(kind, str) or kind not in {"mention", "quote", "follow", *_ABOUT_A_POST}:
        return nothing
    account = mapping(notification.get("account"))
    if identifier(account.get("id")) == view.member_id:
        return nothing
    responder = parse_person(account, view)
    if kind == "follow":
        followed = SeenReaction(f"follow:{responder.key}", ReactionKind.FOLLOW, responder, at)
        return Notified(notified_id, at, followed)
    status = mapping(notification.get("status"))
    if status.get("visibility") == _PRIVATE_MESSAGE:
        return nothing
    if kind in _ABOUT_A_POST:
        return _about_own(notified_id, at, _ABOUT_A_POST[kind], responder, status, view)
    return _about_theirs(notified_id, at, kind, responder, status, view)


def _about_own(
    notified_id: str,
    at: datetime,
    kind: ReactionKind,
    responder: Person,
    status: Mapping[str, Any],
    view: Viewpoint,
) -> Notified:
    """A favourite or a reshare: the status is the member's (some servers show the wrapper)."""
    own = status["reblog"] if isinstance(status.get("reblog"), dict) else status
    post = _own_post(own, view)
    key = f"{kind}:{responder.key}:{post.remote_id}"
    return Notified(notified_id, at, SeenReaction(key, kind, responder, at, post.remote_id), post)


def _own_post(status: Mapping[str, Any], view: Viewpoint) -> SeenPost:
    written = parse_own_status(status, view)
    if written.post is None:
        raise Unreadable("not a post")
    return written.post


def _about_theirs(
    notified_id: str,
    at: datetime,
    kind: str,
    responder: Person,
    status: Mapping[str, Any],
    view: Viewpoint,
) -> Notified:
    """A mention, a reply or a quote: the status is the responder's."""
    key = f"status:{identifier(status.get('id'))}"
    if kind == "quote":
        post = _quoted_post(status, view)
        about = post.remote_id if post else _quoted_id(status)
        quote = SeenReaction(key, ReactionKind.QUOTE, responder, at, about)
        return Notified(notified_id, at, quote, post)
    if str(status.get("in_reply_to_account_id")) == view.member_id:
        about = _optional_id(status.get("in_reply_to_id"))
        return Notified(
            notified_id, at, SeenReaction(key, ReactionKind.REPLY, responder, at, about)
        )
    return Notified(notified_id, at, SeenReaction(key, ReactionKind.MENTION, responder, at))


def _quoted_post(status: Mapping[str, Any], view: Viewpoint) -> SeenPost | None:
    quoted = _quoted_status(status)
    try:
        return _own_post(quoted, view) if quoted else None
    except Unreadable:
        return None


def _quoted_id(status: Mapping[str, Any]) -> str | None:
    quote = status.get("quote")
    return _optional_id(quote.get("quoted_status_id")) if isinstance(quote, dict) else None


def _optional_id(value: object) -> str | None:
    try:
        return identifier(value)
    except Unreadable:
        return None
