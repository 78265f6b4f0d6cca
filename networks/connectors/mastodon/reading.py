"""One run of reading: pages of the three lists, each page with the cursor that comes after it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from language import gettext_noop as mark
from networks.connectors.base import (
    AccessRevoked,
    Counts,
    Cursor,
    Identity,
    NotThisPlatform,
    Page,
    Transient,
)
from networks.connectors.fields import Unreadable, each, identifier, mapping, optional_moment
from networks.connectors.mastodon.paging import Stream, Walk
from networks.connectors.mastodon.parsing import (
    Viewpoint,
    parse_followed,
    parse_notification,
    parse_own_status,
)
from networks.connectors.progress import back_to
from networks.http import Answer, Door

MAX_PAGES = 20
# Longer lists than anyone may ask for are cut.
_MAX_ITEMS = 100
# Items asked for at once. Where they are too large together, fewer are asked for.
_PAGE_SIZES = (40, 10, 2)
_NOT_REACTIONS = ["status", "poll", "update", "follow_request"]
# Of the 19 pages after the profile, how many each list may take before the others had theirs.
_SHARES = {"statuses": 8, "notifications": 8, "following": 3}


def allowed(answer: Answer) -> Answer:
    """The answer to a request with a token, if it was granted.

    A 401 or 403 that is not in JSON comes from something in front of the server, not from it.
    """
    if answer.status in (401, 403):
        if "json" in answer.headers.get("content-type", ""):
            raise AccessRevoked(f"answered {answer.status}")
        raise Transient(f"answered {answer.status} without a reason", code="server_error")
    if answer.status in (404, 405, 410):
        raise NotThisPlatform(f"answered {answer.status}")
    if answer.status >= 300:
        raise Transient(f"answered {answer.status}", code="server_error")
    return answer


def _list(answer: Answer) -> list[object]:
    value = answer.json()
    if not isinstance(value, list):
        raise Transient("not a list", code="garbage")
    return value[:_MAX_ITEMS]


def _next_max_id(answer: Answer) -> str:
    """The `max_id` of the next page. Only this is taken from the link, never where it leads."""
    query = parse_qs(urlsplit(answer.link("next") or "").query)
    try:
        return identifier(query.get("max_id", [None])[0])
    except Unreadable:
        return ""


class Run:
    """One run of at most 20 pages over the three lists, each at its place in the cursor."""

    def __init__(
        self, door: Door, site: str, token: str, view: Viewpoint, since: datetime, cursor: Cursor
    ) -> None:
        self._door = door
        self._api = f"{site}/api/v1"
        self._token = token
        self._view = view
        self._since = since
        self._streams = {
            name: Stream.from_json(cursor.get(name)) for name in ("statuses", "notifications")
        }
        self._walk = Walk.from_json(cursor.get("following"))
        self._home = ""
        self._page_sizes = list(_PAGE_SIZES)
        self._unread = list(_SHARES)
        self._taken = dict.fromkeys(_SHARES, 0)

    def remember_home(self) -> None:
        """Keep the domain of the handles in the cursor, so that it is not looked up again."""
        self._home = self._view.host

    def profile(self, identity: Identity, counts: Counts) -> Page:
        page = Page({}, counts=counts, identity=identity, progress=mark("Reading your profile"))
        return self._bookmarked(page)

    def pages(self) -> Iterator[Page]:
        readers = {
            "statuses": self._statuses,
            "notifications": self._notifications,
            "following": self._following,
        }
        for _ in range(MAX_PAGES - 1):
            if not self._unread:
                return
            name = self._next()
            self._taken[name] += 1
            yield self._bookmarked(readers[name]())

    def _next(self) -> str:
        """In order, each up to its share; then whatever is left over, in order."""
        within_share = (name for name in self._unread if self._taken[name] < _SHARES[name])
        return next(within_share, self._unread[0])

    def _bookmarked(self, page: Page) -> Page:
        cursor: dict[str, Any] = {name: kept.to_json() for name, kept in self._streams.items()}
        cursor |= {"following": self._walk.to_json(), "home": self._home}
        return replace(page, cursor=cursor, more=bool(self._unread))

    def _statuses(self) -> Page:
        path = f"/accounts/{self._view.member_id}/statuses"
        batch = self._batch("statuses", path, {})
        parsed, set_aside = each(batch.fresh, lambda item: parse_own_status(item, self._view))
        written = [item for item in parsed if item.at >= self._since]
        return Page(
            {},
            posts=tuple(item.post for item in written if item.post),
            outreach=tuple(act for item in written for act in item.outreach),
            set_aside=set_aside + batch.set_aside,
            progress=mark("Reading what you wrote") + batch.reach,
        )

    def _notifications(self) -> Page:
        wanted = {"exclude_types[]": _NOT_REACTIONS}
        batch = self._batch("notifications", "/notifications", wanted)
        parsed, set_aside = each(batch.fresh, lambda item: parse_notification(item, self._view))
        notified = [item for item in parsed if item.at >= self._since]
        posts = {item.post.remote_id: item.post for item in notified if item.post}
        return Page(
            {},
            posts=tuple(posts.values()),
            reactions=tuple(item.reaction for item in notified if item.reaction),
            set_aside=set_aside + batch.set_aside,
            progress=mark("Reading who answered you") + batch.reach,
        )

    def _following(self) -> Page:
        path = f"/accounts/{self._view.member_id}/following"
        try:
            answer = self._get(path, self._walk.query())
        except NotThisPlatform:
            # Some servers do not show it; the rest is worth reading all the same.
            self._unread.remove("following")
            return Page({}, progress=mark("Reading whom you follow"))
        followed, set_aside = each(_list(answer), lambda item: parse_followed(item, self._view))
        ids = [account_id for account_id, _ in followed]
        fresh = self._walk.fresh(ids)
        self._walk, is_over = self._walk.after(ids, _next_max_id(answer))
        if is_over:
            self._unread.remove("following")
        return Page(
            {},
            outreach=tuple(act for account_id, act in followed if act and account_id in fresh),
            set_aside=set_aside,
            progress=mark("Reading whom you follow"),
        )

    def _batch(self, name: str, path: str, wanted: Mapping[str, Any]) -> "_Batch":
        """The items of the next page that were not read yet; the stream moves on past them."""
        stream = self._streams[name]
        batch = _Batch()
        for item in _list(self._get(path, {**wanted, **stream.query()})):
            batch.take(item, stream, self._view.now)
        step = stream.after(batch.seen, self._since)
        self._streams[name] = step.stream
        if step.is_exhausted:
            self._unread.remove(name)
        if not stream.is_full:
            batch.reach = back_to(batch.seen.values())
        return batch

    def _get(self, path: str, params: Mapping[str, Any]) -> Answer:
        """The next page; from the first one that is too large on, of fewer items."""
        while True:
            try:
                return self._ask(path, {**params, "limit": self._page_sizes[0]})
            except Transient as error:
                if error.code != "too_large" or len(self._page_sizes) == 1:
                    raise
                del self._page_sizes[0]

    def _ask(self, path: str, params: Mapping[str, Any]) -> Answer:
        return allowed(self._door.get(self._api + path, params=params, token=self._token))


class _Batch:
    """One page of a stream: what is new on it, and the ids and times of all that was seen."""

    def __init__(self) -> None:
        self.fresh: list[object] = []
        self.seen: dict[str, datetime | None] = {}
        self.set_aside = 0
        self.reach = ""

    def take(self, item: object, stream: Stream, now: datetime) -> None:
        try:
            fields = mapping(item)
            remote_id = identifier(fields.get("id"))
        except Unreadable:
            self.set_aside += 1
            return
        if remote_id not in self.seen and stream.is_fresh(remote_id):
            self.fresh.append(item)
        self.seen[remote_id] = optional_moment(fields.get("created_at"), now)
