"""The AT Protocol's JSON as the values of the contract. Pure.

Records are what people's own programs wrote and are believed in nothing: an item that does not
parse raises Unreadable and is set aside by the caller. Of other people an item names the DID only;
who that is, is asked for in batches (see `people`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from typing import Any

from networks.connectors.base import Counts, OutreachKind, Person, ReactionKind, SeenPost
from networks.connectors.bluesky.identity import NO_HANDLE, did, handle
from networks.connectors.fields import (
    Unreadable,
    count,
    items,
    line,
    link,
    mapping,
    moment,
    optional_moment,
    shortened,
)
from networks.connectors.tags import MAX_TAGS, tags

HOST = "bsky.app"
POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"
FOLLOW = "app.bsky.graph.follow"

_URI = re.compile(r"at://(did:[a-z]+:[a-zA-Z0-9.:%-]{1,200})/([a-zA-Z.]{3,100})/([\w.:~-]{1,64})")
# A record's key tells the microsecond it was made in (a TID).
_TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
_TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_TID_CLOCK_BITS = 10
_SINCE_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_NAME = 100
_MAX_FACETS = 60
_MAX_MENTIONS = 20


@dataclass(frozen=True)
class Viewpoint:
    """From where items are seen: the member's DID, the present."""

    did: str
    now: datetime


@dataclass(frozen=True)
class Reached:
    """What the member did to somebody."""

    key: str
    kind: OutreachKind
    target: str
    at: datetime
    url: str


@dataclass(frozen=True)
class Place:
    """Where one item stands in its list."""

    key: str
    at: datetime

    @property
    def mark(self) -> str:
        """What is remembered of it, as keys are long: 48 bits."""
        return blake2b(self.key.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Written:
    """What one record of the member's tells: a post, whom it reaches out to, or both."""

    place: Place
    post: SeenPost | None = None
    reached: tuple[Reached, ...] = ()


@dataclass(frozen=True)
class Notified:
    """What one notification tells; without `kind` it is none of somebody's reactions."""

    place: Place
    key: str = ""
    kind: ReactionKind | None = None
    responder: str = ""
    post: str | None = None


def parse_person(value: object, now: datetime) -> Person:
    """A profile as the AppView shows it."""
    profile = mapping(value)
    who = did(profile.get("did"))
    return Person(
        key=who,
        handle=_shown_handle(profile.get("handle"), who),
        host=HOST,
        name=line(profile.get("displayName"), _MAX_NAME),
        url=profile_page(who),
        created_at=optional_moment(profile.get("createdAt"), now),
        followers=count(profile.get("followersCount")),
        following=count(profile.get("followsCount")),
        posts=count(profile.get("postsCount")),
        is_bot=_says_bot(profile, who),
        picture=link(profile.get("avatar")),
    )


def counts_of(person: Person) -> Counts:
    return Counts(followers=person.followers, posts=person.posts)


def not_shown(who: str) -> Person:
    """Somebody whose profile is not shown (gone, suspended): nothing speaks for them."""
    return Person(who, who, HOST, url=profile_page(who), followers=0, following=0, posts=0)


def profile_page(who: str) -> str:
    return f"https://{HOST}/profile/{who}"


def _shown_handle(value: object, who: str) -> str:
    """The handle if it leads to its owner, else the DID."""
    try:
        name = handle(value)
    except Unreadable:
        return who
    return who if name == NO_HANDLE else f"@{name}"


def _says_bot(profile: Mapping[str, Any], who: str) -> bool:
    """Whether the account itself says so; what labellers think of others is not asked."""
    labels = (label for label in items(profile.get("labels"), 50) if isinstance(label, dict))
    return any(label.get("val") == "bot" and label.get("src") == who for label in labels)


def parse_notification(value: object, view: Viewpoint) -> Notified:
    """A notification; without a kind where it is not somebody's reaction to the member."""
    notification = mapping(value)
    uri = notification.get("uri")
    at = moment(notification.get("indexedAt"), view.now)
    responder, collection, key = _parts(uri)
    place = Place(f"{responder}/{collection}/{key}", at)
    author = did(mapping(notification.get("author")).get("did"))
    if author != responder:
        raise Unreadable("a record of somebody else")
    if author == view.did:
        return Notified(place)
    reason = notification.get("reason")
    subject = _own_post(notification.get("reasonSubject"), view)
    if reason == "follow":
        return Notified(place, f"follow:{author}", ReactionKind.FOLLOW, author)
    if reason in ("like", "repost"):
        if subject is None:
            # About a feed or a list that the member made.
            return Notified(place)
        kind = ReactionKind.FAVOURITE if reason == "like" else ReactionKind.RESHARE
        return Notified(place, f"{kind}:{author}:{subject}", kind, author, subject)
    words = f"post:{author}/{key}"
    if reason == "quote":
        return Notified(place, words, ReactionKind.QUOTE, author, subject)
    if reason == "mention":
        return Notified(place, words, ReactionKind.MENTION, author)
    answered = _answered(notification, view) if reason == "reply" else None
    if answered is None:
        # Also a reply to somebody else further down in the thread.
        return Notified(place)
    return Notified(place, words, ReactionKind.REPLY, author, answered)


def _answered(notification: Mapping[str, Any], view: Viewpoint) -> str | None:
    reply = mapping(mapping(notification.get("record")).get("reply"))
    return _own_post(mapping(reply.get("parent")).get("uri"), view)


def _own_post(uri: object, view: Viewpoint) -> str | None:
    """The key of a post of the member's; None for anything else."""
    try:
        who, collection, key = _parts(uri)
    except Unreadable:
        return None
    return key if who == view.did and collection == POST and _TID.fullmatch(key) else None


def parse_record(value: object, view: Viewpoint) -> Written:
    """One record of the member's own: a post, a like, a repost or a follow."""
    record = mapping(value)
    who, collection, key = _parts(record.get("uri"))
    if who != view.did:
        raise Unreadable("not the member's")
    made_at = tid_moment(key, view.now)
    place, content = Place(key, made_at), mapping(record.get("value"))
    at = optional_moment(content.get("createdAt"), view.now) or made_at
    if collection == POST:
        post = _post(content, key, at, view)
        return Written(place, post, tuple(_reached(content, key, at, view)))
    if collection == FOLLOW:
        target = did(content.get("subject"))
        reached = Reached(f"follow:{target}", OutreachKind.FOLLOW, target, at, profile_page(target))
    else:
        target, subject_collection, subject = _parts(mapping(content.get("subject")).get("uri"))
        if subject_collection != POST:
            # A feed or a list that was liked, which is nobody's words.
            return Written(place)
        kinds = {LIKE: OutreachKind.FAVOURITE, REPOST: OutreachKind.RESHARE}
        if collection not in kinds:
            raise Unreadable("a record of another kind")
        kind = kinds[collection]
        reached = Reached(f"{kind}:{target}/{subject}", kind, target, at, _page(target, subject))
    return Written(place, reached=(reached,) if target != view.did else ())


def _post(content: Mapping[str, Any], key: str, at: datetime, view: Viewpoint) -> SeenPost:
    """Nothing from under a warning that the member put on it."""
    is_under_a_warning = bool(content.get("labels"))
    return SeenPost(
        remote_id=key,
        url=_page(view.did, key),
        excerpt="" if is_under_a_warning else shortened(content.get("text")),
        tags=() if is_under_a_warning else _tags(content),
        posted_at=at,
    )


def _tags(content: Mapping[str, Any]) -> tuple[str, ...]:
    in_text = (feature.get("tag") for feature in _features(content, "tag"))
    return tags((*in_text, *items(content.get("tags"), MAX_TAGS)))


def _features(content: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    """The marked places in a post's text that are of one kind."""
    for facet in items(content.get("facets"), _MAX_FACETS):
        for feature in items(_inside(facet, "features"), 5):
            if _inside(feature, "$type") == f"app.bsky.richtext.facet#{kind}":
                yield feature


def _reached(
    content: Mapping[str, Any], key: str, at: datetime, view: Viewpoint
) -> Iterator[Reached]:
    """Whom an own post answers, quotes or mentions; each person once."""
    seen = {view.did}
    for kind, target in _addressed(content):
        if target not in seen:
            seen.add(target)
            yield Reached(f"{kind}:{key}:{target}", kind, target, at, _page(view.did, key))


def _addressed(content: Mapping[str, Any]) -> Iterator[tuple[OutreachKind, str]]:
    found = [
        (OutreachKind.REPLY, _author(_inside(content, "reply", "parent", "uri"))),
        # A quote alone, and one beside pictures or a film.
        (OutreachKind.QUOTE, _author(_inside(content, "embed", "record", "uri"))),
        (OutreachKind.QUOTE, _author(_inside(content, "embed", "record", "record", "uri"))),
    ]
    for mention in islice(_features(content, "mention"), _MAX_MENTIONS):
        found.append((OutreachKind.MENTION, _did_or_none(mention.get("did"))))  # noqa: PERF401
    return ((kind, target) for kind, target in found if target)


def _inside(value: object, *way: str) -> object:
    for name in way:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _author(uri: object) -> str:
    """Whose post that is; empty where it is no post."""
    try:
        who, collection, _ = _parts(uri)
    except Unreadable:
        return ""
    return who if collection == POST else ""


def _did_or_none(value: object) -> str:
    try:
        return did(value)
    except Unreadable:
        return ""


def _parts(uri: object) -> tuple[str, str, str]:
    """Owner, collection and key of a record's address (`at://did:plc:.../collection/key`)."""
    match = _URI.fullmatch(uri) if isinstance(uri, str) and len(uri) <= 500 else None
    if match is None:
        raise Unreadable("not a record's address")
    return did(match[1]), match[2], match[3]


def _page(who: str, key: str) -> str:
    return f"{profile_page(who)}/post/{key}"


def tid_moment(key: str, now: datetime) -> datetime:
    """When a record with this key was made, never after `now`; or Unreadable."""
    if not _TID.fullmatch(key):
        raise Unreadable("not a record's key")
    number = 0
    for letter in key:
        number = number * len(_TID_LETTERS) + _TID_LETTERS.index(letter)
    try:
        made_at = _SINCE_1970 + timedelta(microseconds=number >> _TID_CLOCK_BITS)
    except OverflowError:
        return now
    return moment(made_at.isoformat(), now)
