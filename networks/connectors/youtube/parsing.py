"""What YouTube's Data API sends, as the values of `base`. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from networks.connectors.base import (
    Counts,
    OutreachKind,
    Person,
    ReactionKind,
    SeenOutreach,
    SeenPost,
)
from networks.connectors.fields import (
    Unreadable,
    count,
    identifier,
    items,
    line,
    link,
    mapping,
    moment,
    optional_moment,
)
from networks.connectors.tags import MAX_TAGS, tags

SITE = "https://www.youtube.com"
HOST = "youtube.com"
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
_PLAYLIST = re.compile(r"[A-Za-z0-9_-]{2,64}")
_HANDLE = re.compile(r"[^\s@/?#\x00-\x1f]{1,60}")
# A comment's id; that of a reply is its thread's and its own with a dot between them.
_COMMENT = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_MAX_REPLIES = 100


@dataclass(frozen=True)
class Channel:
    """A channel as it is shown; `uploads` is the list of its videos, where it is told."""

    person: Person
    counts: Counts
    uploads: str = ""


@dataclass(frozen=True)
class Comment:
    """Somebody's comment. `answered` is the channel that a reply is an answer to."""

    remote_id: str
    at: datetime
    author: Person
    video_id: str
    answered: Person | None = None


def parse_channel(value: object, now: datetime) -> Channel:
    """A channel with its figures; hidden ones are None."""
    channel = mapping(value)
    channel_id = _channel_id(channel.get("id"))
    snippet, statistics = _part(channel, "snippet"), _part(channel, "statistics")
    details = _part(_part(channel, "contentDetails"), "relatedPlaylists")
    is_hidden = statistics.get("hiddenSubscriberCount") is True
    followers = None if is_hidden else _figure(statistics.get("subscriberCount"))
    videos = _figure(statistics.get("videoCount"))
    person = Person(
        key=channel_id.lower(),
        handle=_handle(snippet.get("customUrl"), channel_id),
        host=HOST,
        name=line(snippet.get("title"), 100),
        url=f"{SITE}/channel/{channel_id}",
        created_at=optional_moment(snippet.get("publishedAt"), now),
        followers=followers,
        picture=link(_part(_part(snippet, "thumbnails"), "medium").get("url")),
    )
    uploads = details.get("uploads")
    is_list = isinstance(uploads, str) and bool(_PLAYLIST.fullmatch(uploads))
    counts = Counts(followers=followers, posts=videos)
    return Channel(person, counts, uploads if is_list and isinstance(uploads, str) else "")


def parse_upload(value: object, now: datetime) -> SeenPost:
    """A video of the member's, at the moment it became public."""
    item = mapping(value)
    snippet, details = mapping(item.get("snippet")), _part(item, "contentDetails")
    video_id = identifier(_part(snippet, "resourceId").get("videoId") or details.get("videoId"))
    published = details.get("videoPublishedAt") or snippet.get("publishedAt")
    title = line(snippet.get("title"), 280)
    url = f"{SITE}/watch?v={video_id}"
    return SeenPost(video_id, url, title, (), moment(published, now))


def parse_tags(value: object) -> tuple[str, tuple[str, ...]]:
    """A video's id and its tags, which the list of uploads does not tell."""
    video = mapping(value)
    return identifier(video.get("id")), tags(items(_part(video, "snippet").get("tags"), MAX_TAGS))


def parse_subscription(value: object, now: datetime) -> SeenOutreach:
    """A channel that the member subscribed to."""
    snippet = mapping(mapping(value).get("snippet"))
    channel_id = _channel_id(_part(snippet, "resourceId").get("channelId"))
    target = _person(channel_id, snippet.get("title"))
    at = moment(snippet.get("publishedAt"), now)
    kind = OutreachKind.FOLLOW
    return SeenOutreach(f"{kind}:{target.key}", kind, target, at, target.url)


def parse_thread(value: object, now: datetime) -> tuple[list[Comment], int]:
    """A comment and the replies that are shown with it; how many of the replies were odd."""
    thread = mapping(value)
    top = parse_comment(mapping(thread.get("snippet")).get("topLevelComment"), now)
    comments, odd = [top], 0
    for reply in items(_part(thread, "replies").get("comments"), _MAX_REPLIES):
        try:
            comments.append(parse_comment(reply, now, top))
        except Unreadable:
            odd += 1
    return comments, odd


def parse_comment(value: object, now: datetime, above: Comment | None = None) -> Comment:
    """A comment, or a reply to the one `above`; authors without a channel are nobody."""
    comment = mapping(value)
    remote_id, snippet = comment.get("id"), mapping(comment.get("snippet"))
    if not isinstance(remote_id, str) or not _COMMENT.fullmatch(remote_id):
        raise Unreadable("not the id of a comment")
    author_id = _channel_id(_part(snippet, "authorChannelId").get("value"))
    video_id = snippet.get("videoId")
    return Comment(
        remote_id,
        moment(snippet.get("publishedAt"), now),
        _person(author_id, snippet.get("authorDisplayName")),
        identifier(video_id) if video_id else (above.video_id if above else ""),
        above.author if above else None,
    )


def kind_of(comment: Comment) -> ReactionKind:
    """A comment on a video is a reply to it; one on the channel itself speaks to the member."""
    return ReactionKind.REPLY if comment.video_id else ReactionKind.MENTION


def url_of(comment: Comment) -> str:
    return f"{SITE}/watch?v={comment.video_id}&lc={comment.remote_id}" if comment.video_id else ""


def _person(channel_id: str, shown_name: object) -> Person:
    """Somebody of whom only the channel and a name are shown."""
    name = line(shown_name, 100)
    handle = _handle(name if name.startswith("@") else "", channel_id)
    return Person(channel_id.lower(), handle, HOST, name, f"{SITE}/channel/{channel_id}")


def _handle(value: object, channel_id: str) -> str:
    """`@ada@youtube.com`; the channel's id where it has no handle."""
    handle = line(value, 100).removeprefix("@")
    return f"@{handle if _HANDLE.fullmatch(handle) else channel_id}@{HOST}"


def _channel_id(value: object) -> str:
    if not isinstance(value, str) or not _CHANNEL.fullmatch(value):
        raise Unreadable("not the id of a channel")
    return value


def _figure(value: object) -> int | None:
    """A figure, which YouTube sends as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return count(int(value))
    return count(value)


def _part(item: Any, name: str) -> dict[str, Any]:
    """A part of an item; empty where it is missing or odd."""
    part = item.get(name)
    return part if isinstance(part, dict) else {}
