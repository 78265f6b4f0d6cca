"""One run of reading a channel: at most 20 pages, each of one call or two.

What everybody can see (videos, comments, the channels of those who commented) is asked for with
the site's own key, so neither private videos nor a permission to change comments is ever needed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from language import gettext_noop as mark
from networks.connectors.base import (
    AccessRevoked,
    Cursor,
    Identity,
    OutreachKind,
    Page,
    Permanent,
    Person,
    SeenOutreach,
    SeenPost,
    SeenReaction,
    Transient,
)
from networks.connectors.descent import Descent
from networks.connectors.fields import Unreadable, each, items, mapping, opaque
from networks.connectors.youtube.parsing import (
    Channel,
    Comment,
    kind_of,
    parse_channel,
    parse_subscription,
    parse_tags,
    parse_thread,
    parse_upload,
    url_of,
)
from networks.http import Answer, Door
from networks.quota import Quota

MAX_PAGES = 20
AT_ONCE = 50
# Each of our calls costs the same (developers.google.com/youtube/v3/determine_quota_cost).
UNITS_A_CALL = 1
# A first read, which may be long, leaves half of what is let out to all the others.
SHARE_OF_A_FIRST_READ = 0.5
# Videos get their place in the list when they are made public, some hours after the upload.
_LATE_VIDEOS = timedelta(days=2)
# Replies do not move a comment up: so long, and so many pages, we look for them further down.
_LATE_REPLIES = timedelta(days=14)
_DEEP_PAGES = 3
_MAX_LIST_PAGES = 200
_MAX_SUBSCRIPTIONS = 1_000
_MAX_SUBSCRIPTION_PAGES = 30
_MOST_TOKEN = 500
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_KEY_REFUSED = frozenset({"accessNotConfigured", "keyInvalid", "ipRefererBlocked", "badRequest"})


class Api:
    """YouTube's API: with the member's token where it is about them, else with the site's key."""

    def __init__(self, door: Door, url: str, token: str, key: str, quota: Quota) -> None:
        self._door, self._url, self._token, self._key = door, url, token, key
        self._quota = quota
        self.share = 1.0

    def mine(self, path: str, query: Mapping[str, str | int]) -> Mapping[str, Any]:
        return self._get(path, {**query, "mine": "true"}, token=self._token)

    def public(self, path: str, query: Mapping[str, str | int]) -> Mapping[str, Any]:
        return self._get(path, query, headers={"X-Goog-Api-Key": self._key})

    def _get(self, path: str, query: Mapping[str, str | int], **sent: Any) -> Mapping[str, Any]:
        self._door.spend(self._quota, UNITS_A_CALL, self.share)
        answer = self._door.get(f"{self._url}/youtube/v3/{path}", params=query, **sent)
        if answer.status != 200:
            raise self._refusal(answer, is_about_member="token" in sent)
        try:
            return mapping(answer.json())
        except Unreadable as error:
            raise Transient("not an object", code="garbage") from error

    def _refusal(self, answer: Answer, *, is_about_member: bool) -> Exception:
        """What a refusal means; Google names its reason. Without one it is not from Google."""
        reason = _reason(answer)
        if reason in _USED_UP:
            return self._door.is_used_up(self._quota)
        if reason in _KEY_REFUSED:
            return Permanent(reason, code="key_refused")
        if answer.status in (401, 403) and reason and is_about_member:
            return AccessRevoked(f"answered {answer.status}")
        if answer.status in (400, 403, 404) and reason and reason not in _TOO_FAST:
            return NotThere(reason)
        return Transient(f"answered {answer.status}", code="server_error")


class NotThere(Permanent):
    """Nothing is there for everybody: no videos, comments are switched off, a page is too old."""


def _reason(answer: Answer) -> str:
    try:
        error = mapping(mapping(answer.json()).get("error"))
        reasons = [mapping(item).get("reason") for item in items(error.get("errors"), 5)]
        return str(next(iter(reasons), "") or error.get("status") or "unknown")[:60]
    except (Unreadable, Transient):
        return ""


def channel_of(api: Api, now: datetime) -> tuple[str, Channel]:
    """The member's own channel and its id. Raises Permanent (no_channel)."""
    answer = api.mine("channels", {"part": "snippet,statistics,contentDetails", "maxResults": 1})
    if "items" in answer and not isinstance(answer["items"], list):
        raise Transient("no list of channels", code="garbage")
    if "kind" not in answer:
        raise Transient("not an answer of this API", code="garbage")
    found = items(answer.get("items"), 1)
    if not found:
        raise Permanent("no channel", code="no_channel")
    try:
        return str(mapping(found[0]).get("id")), parse_channel(found[0], now)
    except Unreadable as error:
        raise Transient("no channel in the answer", code="garbage") from error


class Run:
    """The three lists of one channel, each at its place in the cursor."""

    def __init__(
        self,
        api: Api,
        channel_id: str,
        channel: Channel,
        since: datetime,
        now: datetime,
        cursor: Cursor,
    ) -> None:
        self._api, self._id, self._channel = api, channel_id, channel
        self._since, self._now = since, now
        self._uploads = Descent.from_json(cursor.get("uploads"))
        self._comments = Descent.from_json(cursor.get("comments"))
        self._subscriptions = Subscriptions(cursor.get("subscriptions"))
        self._readers = {
            "uploads": self._read_uploads,
            "comments": self._read_comments,
            "subscriptions": self._read_subscriptions,
        }
        self._unread = list(self._readers)
        self._begun = {
            "uploads": not self._uploads.following,
            "comments": not self._comments.following,
        }
        if self._comments.is_first:
            api.share = SHARE_OF_A_FIRST_READ

    def profile(self, identity: Identity) -> Page:
        page = Page({}, counts=self._channel.counts, identity=identity)
        return self._kept(replace(page, progress=mark("Reading your channel")))

    def pages(self) -> Iterator[Page]:
        for _ in range(MAX_PAGES - 1):
            if not self._unread:
                return
            yield self._kept(self._readers[self._unread[0]]())

    def _kept(self, page: Page) -> Page:
        cursor = {
            "uploads": self._uploads.to_json(),
            "comments": self._comments.to_json(),
            "subscriptions": self._subscriptions.to_json(),
        }
        return replace(page, cursor=cursor, more=bool(self._unread))

    def _end(self, name: str, has_arrived: bool) -> None:
        """What came on top of a descent that began in an earlier run is read in this one."""
        if has_arrived and self._begun[name]:
            self._unread.remove(name)
        self._begun[name] = self._begun[name] or has_arrived

    def _read_uploads(self) -> Page:
        words = mark("Reading your videos")
        if not self._channel.uploads:
            self._unread.remove("uploads")
            return Page({}, progress=words)
        query = {"part": "snippet,contentDetails,status", "playlistId": self._channel.uploads}
        found = self._list("playlistItems", query, self._uploads.following, AT_ONCE)
        if found.is_too_old:
            self._uploads = self._uploads.from_the_top()
            return Page({}, progress=words)
        shown = [item for item in found.items if _is_public(item)]
        posts, set_aside = each(shown, lambda item: parse_upload(item, self._now))
        seen = {post.remote_id: post.posted_at for post in posts}
        fresh = [p for p in posts if self._is_fresh(self._uploads, p.remote_id, p.posted_at)]
        self._uploads, has_arrived = self._uploads.after(
            seen,
            found.following,
            since=self._since,
            overlap=_LATE_VIDEOS,
            most_pages=_MAX_LIST_PAGES,
        )
        self._end("uploads", has_arrived)
        return Page({}, posts=self._tagged(fresh), set_aside=set_aside, progress=words)

    def _tagged(self, posts: list[SeenPost]) -> tuple[SeenPost, ...]:
        """With the tags of their videos: those are asked for all at once, and only of new ones."""
        if not posts:
            return ()
        wanted = ",".join(post.remote_id for post in posts)
        answer = self._api.public("videos", {"part": "snippet", "id": wanted})
        shown, _ = each(items(answer.get("items"), AT_ONCE), parse_tags)
        found = dict(shown)
        return tuple(replace(post, tags=found.get(post.remote_id, ())) for post in posts)

    def _is_fresh(self, descent: Descent, remote_id: str, at: datetime) -> bool:
        overlap = _LATE_VIDEOS if descent is self._uploads else _LATE_REPLIES
        return at >= self._since and descent.is_fresh(remote_id, at, overlap)

    def _read_comments(self) -> Page:
        words = mark("Reading who answered you")
        query = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._id,
            "order": "time",
            "textFormat": "plainText",
        }
        found = self._list("commentThreads", query, self._comments.following, 100)
        if found.is_too_old:
            self._comments = self._comments.from_the_top()
            return Page({}, progress=words)
        threads, set_aside = each(found.items, lambda item: parse_thread(item, self._now))
        comments = [comment for thread, _ in threads for comment in thread]
        fresh = [c for c in comments if self._is_fresh(self._comments, c.remote_id, c.at)]
        # How deep this page is, its comments tell; replies may be from any time after them.
        tops = {thread[0].remote_id: thread[0].at for thread, _ in threads}
        deep = self._comments.pages < _DEEP_PAGES
        newest = {comment.remote_id: comment.at for comment in fresh} | tops
        self._comments, has_arrived = self._comments.after(
            newest,
            found.following,
            since=self._since,
            overlap=_LATE_REPLIES,
            most_pages=_MAX_LIST_PAGES,
            reach=_LATE_REPLIES if deep else timedelta(0),
        )
        self._end("comments", has_arrived)
        return Page(
            {},
            reactions=tuple(self._reactions([c for c in fresh if not self._is_own(c)])),
            outreach=tuple(self._answers(c for c in fresh if self._is_own(c))),
            set_aside=set_aside + sum(odd for _, odd in threads),
            progress=words,
        )

    def _is_own(self, comment: Comment) -> bool:
        return comment.author.key == self._channel.person.key

    def _reactions(self, comments: list[Comment]) -> Iterator[SeenReaction]:
        """With what their channels show: that is asked for fifty at once."""
        opened = self._opened(comment.author for comment in comments)
        for comment in comments:
            author = replace(comment.author, created_at=opened.get(comment.author.key))
            key = f"comment:{comment.remote_id}"
            about = comment.video_id or None
            yield SeenReaction(key, kind_of(comment), author, comment.at, about)

    def _opened(self, people: Iterable[Person]) -> dict[str, datetime | None]:
        """Since when there have been these channels; those that are gone are left out."""
        ids = sorted({person.url.rpartition("/")[2] for person in people})
        found: dict[str, datetime | None] = {}
        for start in range(0, len(ids), AT_ONCE):
            wanted = ",".join(ids[start : start + AT_ONCE])
            answer = self._api.public(
                "channels", {"part": "snippet", "id": wanted, "maxResults": AT_ONCE}
            )
            shown, _ = each(
                items(answer.get("items"), AT_ONCE), lambda item: parse_channel(item, self._now)
            )
            found |= {channel.person.key: channel.person.created_at for channel in shown}
        return found

    def _answers(self, comments: Iterable[Comment]) -> Iterator[SeenOutreach]:
        """The member's own replies to somebody else."""
        for comment in comments:
            target = comment.answered
            if target and target.key != self._channel.person.key:
                key, kind = f"comment:{comment.remote_id}", OutreachKind.REPLY
                yield SeenOutreach(key, kind, target, comment.at, url_of(comment))

    def _read_subscriptions(self) -> Page:
        words = mark("Reading whom you subscribe to")
        query = {"part": "snippet", "order": "alphabetical", "maxResults": str(AT_ONCE)}
        answer = self._api.mine("subscriptions", query | self._subscriptions.query())
        found, set_aside = each(
            items(answer.get("items"), AT_ONCE), lambda item: parse_subscription(item, self._now)
        )
        fresh = self._subscriptions.take(found, answer)
        if not self._subscriptions.following:
            self._unread.remove("subscriptions")
        return Page({}, outreach=tuple(fresh), set_aside=set_aside, progress=words)

    def _list(self, path: str, query: Mapping[str, str], following: str, most: int) -> "_Listed":
        """A page of what everybody can see; an empty one where there is nothing to see.

        Places in a list get old. Then there is nothing, and the list is begun again.
        """
        place = {"pageToken": following} if following else {}
        try:
            answer = self._api.public(path, {**query, "maxResults": most, **place})
        except NotThere:
            return _Listed([], "", is_too_old=bool(following))
        return _Listed(items(answer.get("items"), most), token_of(answer))


@dataclass(frozen=True)
class _Listed:
    items: list[Any]
    following: str
    is_too_old: bool = False


class Subscriptions:
    """Whom the member subscribes to, in the order of their names: which of them are known."""

    def __init__(self, stored: object) -> None:
        kept = stored if isinstance(stored, dict) else {}
        known = items(kept.get("known"), _MAX_SUBSCRIPTIONS)
        following, total, pages = (kept.get(name) for name in ("following", "total", "pages"))
        self._known = {key for key in known if isinstance(key, str)}
        self._total = total if isinstance(total, int) else None
        self._pages = pages if isinstance(pages, int) else 0
        self.following = following if isinstance(following, str) else ""

    def to_json(self) -> dict[str, Any]:
        place = {"following": self.following, "pages": self._pages} if self.following else {}
        return {"known": sorted(self._known), "total": self._total, **place}

    def query(self) -> dict[str, str]:
        return {"pageToken": self.following} if self.following else {}

    def take(self, found: list[SeenOutreach], answer: Mapping[str, Any]) -> list[SeenOutreach]:
        """What is new on this page. The rest is read only where the number has changed."""
        info = answer.get("pageInfo")
        total = info.get("totalResults") if isinstance(info, dict) else None
        room = _MAX_SUBSCRIPTIONS - len(self._known)
        fresh = [act for act in found if act.target.key not in self._known][: max(room, 0)]
        self._known |= {act.target.key for act in fresh}
        is_same = not self.following and not fresh and total == self._total
        following = token_of(answer)
        is_endless = following == self.following or self._pages >= _MAX_SUBSCRIPTION_PAGES
        is_over = is_same or not found or room <= 0 or is_endless
        self.following, self._pages = ("", 0) if is_over else (following, self._pages + 1)
        if not self.following:
            self._total = total if isinstance(total, int) else None
        return fresh


def token_of(answer: Mapping[str, Any]) -> str:
    """The place of the next page; empty where this was the last."""
    return opaque(answer.get("nextPageToken"), _MOST_TOKEN)


def _is_public(item: object) -> bool:
    status = item.get("status") if isinstance(item, dict) else None
    return isinstance(status, dict) and status.get("privacyStatus") == "public"
