"""One run of reading: pages of five lists, each page with the cursor that comes after it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from language import gettext_noop as mark
from networks.connectors.base import (
    Counts,
    Cursor,
    Identity,
    Page,
    SeenOutreach,
    SeenReaction,
    Transient,
)
from networks.connectors.bluesky.parsing import (
    FOLLOW,
    LIKE,
    POST,
    REPOST,
    Notified,
    Place,
    Viewpoint,
    Written,
    parse_notification,
    parse_record,
)
from networks.connectors.bluesky.people import People, answered
from networks.connectors.descent import Descent
from networks.connectors.fields import each, items
from networks.connectors.progress import back_to
from networks.http import Door

MAX_PAGES = 20
# Others' doings reach a list by the clocks of their own devices, and minutes late.
OVERLAP = timedelta(hours=1)
# However long a list claims to be, we stop somewhere: 50,000 items in half a year.
MAX_LIST_PAGES = 500
LIST_NOTIFICATIONS = "app.bsky.notification.listNotifications"
# Items asked for at once. Where they are too large together, fewer are asked for.
_PAGE_SIZES = (100, 25, 5)
_REASONS = ["like", "repost", "follow", "mention", "reply", "quote"]
# Of the 19 pages after the profile, how many each list may take before the others had theirs.
_SHARES = {"posts": 5, "notifications": 6, "likes": 3, "reposts": 2, "follows": 3}
_COLLECTIONS = {"posts": POST, "likes": LIKE, "reposts": REPOST, "follows": FOLLOW}
_DOING = {
    "posts": mark("Reading what you wrote"),
    "notifications": mark("Reading who answered you"),
    "likes": mark("Reading what you liked"),
    "reposts": mark("Reading what you reposted"),
    "follows": mark("Reading whom you follow"),
}

Item = TypeVar("Item", Notified, Written)


@dataclass(frozen=True)
class Sources:
    """Where a run reads: the member's own server for what they did, and the AppView for the rest.

    `token` lets us read the notifications at `notifier`, and nothing else.
    """

    pds: str
    notifier: str
    token: str


class Run:
    """One run of at most 20 pages over the five lists, each at its place in the cursor."""

    def __init__(
        self,
        door: Door,
        sources: Sources,
        people: People,
        view: Viewpoint,
        since: datetime,
        cursor: Cursor,
    ) -> None:
        self._door = door
        self._sources = sources
        self._people = people
        self._view = view
        self._since = since
        self._descents = {name: Descent.from_json(cursor.get(name)) for name in _SHARES}
        self._resumed = {name for name, descent in self._descents.items() if descent.following}
        self._page_sizes = list(_PAGE_SIZES)
        # Of a round that was cut off, what is left comes first, however short the runs are.
        is_read = items(cursor.get("read"), len(_SHARES))
        self._unread = [name for name in _SHARES if name not in is_read] or list(_SHARES)
        self._taken = dict.fromkeys(_SHARES, 0)

    def profile(self, identity: Identity, counts: Counts) -> Page:
        page = Page({}, counts=counts, identity=identity, progress=mark("Reading your profile"))
        return self._bookmarked(page)

    def pages(self) -> Iterator[Page]:
        for _ in range(MAX_PAGES - 1):
            if not self._unread:
                return
            name = self._next()
            self._taken[name] += 1
            read = self._notifications if name == "notifications" else self._records
            yield self._bookmarked(read(name))

    def _next(self) -> str:
        """In order, each up to its share; then whatever is left over, in order."""
        within_share = (name for name in self._unread if self._taken[name] < _SHARES[name])
        return next(within_share, self._unread[0])

    def _bookmarked(self, page: Page) -> Page:
        is_read = [name for name in _SHARES if self._unread and name not in self._unread]
        cursor: dict[str, object]
        cursor = {name: descent.to_json() for name, descent in self._descents.items()}
        cursor["read"] = is_read
        return replace(page, cursor=cursor, more=bool(self._unread))

    def _records(self, name: str) -> Page:
        url = f"{self._sources.pds}/xrpc/com.atproto.repo.listRecords"
        wanted = {"repo": self._view.did, "collection": _COLLECTIONS[name]}
        said = self._get(name, url, wanted, "")
        found = items(said.get("records"), _PAGE_SIZES[0])
        parsed, set_aside = each(found, lambda item: parse_record(item, self._view))
        fresh, reach = self._moved_on(name, said.get("cursor"), parsed)
        return Page(
            {},
            posts=tuple(item.post for item in fresh if item.post),
            outreach=tuple(self._outreach(fresh)),
            set_aside=set_aside,
            progress=f"{_DOING[name]}{reach}",
        )

    def _notifications(self, name: str) -> Page:
        url = f"{self._sources.notifier}/xrpc/{LIST_NOTIFICATIONS}"
        said = self._get(name, url, {"reasons": _REASONS}, self._sources.token)
        found = items(said.get("notifications"), _PAGE_SIZES[0])
        parsed, set_aside = each(found, lambda item: parse_notification(item, self._view))
        fresh, reach = self._moved_on(name, said.get("cursor"), parsed)
        return Page(
            {},
            reactions=tuple(self._reactions(fresh)),
            set_aside=set_aside,
            progress=f"{_DOING[name]}{reach}",
        )

    def _reactions(self, fresh: Sequence[Notified]) -> Iterator[SeenReaction]:
        people = self._people.all_of(item.responder for item in fresh if item.kind)
        for item in fresh:
            if item.kind:
                who = people[item.responder]
                yield SeenReaction(item.key, item.kind, who, item.place.at, item.post)

    def _outreach(self, fresh: Sequence[Written]) -> Iterator[SeenOutreach]:
        acts = [act for item in fresh for act in item.reached]
        people = self._people.all_of(act.target for act in acts)
        for act in acts:
            yield SeenOutreach(act.key, act.kind, people[act.target], act.at, act.url)

    def _moved_on(
        self, name: str, following: object, parsed: Sequence[Item]
    ) -> tuple[list[Item], str]:
        """What was not read yet on a page, and how far back it reaches; the list moves past it."""
        descent, times = self._descents[name], {item.place.mark: item.place.at for item in parsed}
        self._descents[name], is_over = descent.after(
            times,
            following if isinstance(following, str) else "",
            since=self._since,
            overlap=OVERLAP,
            most_pages=MAX_LIST_PAGES,
            thorough=True,
        )
        if is_over and name in self._resumed:
            # It began in an earlier run: what came since is above it.
            self._resumed.discard(name)
        elif is_over:
            self._unread.remove(name)
        fresh = [item for item in parsed if self._is_fresh(descent, item.place)]
        reach = back_to(times.values()) if descent.is_first else ""
        return fresh, reach

    def _is_fresh(self, descent: Descent, place: Place) -> bool:
        is_new = descent.is_fresh(place.mark, place.at, OVERLAP, thorough=True)
        return is_new and place.at >= self._since

    def _get(
        self, name: str, url: str, params: Mapping[str, str | Sequence[str]], token: str
    ) -> Mapping[str, object]:
        """The next page of a list; from the first one that is too large on, of fewer items."""
        following = self._descents[name].following
        place = {"cursor": following} if following else {}
        while True:
            wanted: Mapping[str, str | int | Sequence[str]]
            wanted = {**params, **place, "limit": self._page_sizes[0]}
            try:
                return answered(self._door.get(url, params=wanted, token=token))
            except Transient as error:
                if error.code != "too_large" or len(self._page_sizes) == 1:
                    raise
                del self._page_sizes[0]
