"""One run of reading: pages of three lists, each page sized so that the allowance is never passed.

The lists take turns, so that money that does not suffice for all is spent on the newest of each.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tweepy import Client

from language import gettext_noop as mark
from networks.connectors.base import (
    ConnectorError,
    Counts,
    Cursor,
    Identity,
    OutOfAllowance,
    Page,
    Transient,
)
from networks.connectors.fields import Unreadable, each, items
from networks.connectors.progress import back_to
from networks.connectors.x.descent_by_ids import (
    DescentByIds,
    kept_ids,
    made_at,
    meta_token,
    post_id,
)
from networks.connectors.x.parsing import (
    Included,
    Item,
    Viewpoint,
    included,
    is_protected,
    parse_identity,
    parse_own,
    parse_response,
    parse_share,
)
from networks.connectors.x.prices import USER, Prices, prices_of
from networks.connectors.x.session import BadQuery

MAX_PAGES = 20
MAX_ITEMS = 100
# The profile is one of the dearest things to read, and followers change slowly.
PROFILE_EVERY = timedelta(days=7)
# How far back X's search goes, less an hour for clocks that differ.
SEARCH_BACK = timedelta(days=7) - timedelta(hours=1)
# Quotes are looked for on so many of the latest posts: X's queries have at most 512 characters.
RECENT_POSTS = 10

POST_FIELDS = ("author_id", "created_at", "entities", "in_reply_to_user_id", "referenced_tweets")
USER_FIELDS = ("created_at", "protected", "public_metrics")
OWN_FIELDS = (*USER_FIELDS, "profile_image_url")
# Answers that X may have charged for, although nothing of them could be read.
_MAY_BE_CHARGED = ("unreachable", "too_slow", "too_large", "garbage")


@dataclass(frozen=True)
class List:
    """One of X's lists: `least` items a page at least; along with each item may come so much."""

    progress: str
    parse: Callable[[object, Included, Viewpoint], Item]
    least: int = 5
    users: int = 1
    posts: int = 0

    def worst(self, prices: Prices) -> int:
        """What one item costs at most, with all that comes along."""
        return prices.post * (1 + self.posts) + prices.user * self.users


LISTS = {
    "mentions": List(mark("Reading who answered you"), parse_response),
    # Of whom the member reached out to, no profile is asked for: id and name suffice.
    "posts": List(mark("Reading what you wrote"), parse_own, users=0, posts=2),
    "shares": List(mark("Reading who quoted and reposted you"), parse_share, least=10),
}


def known_member(cursor: Cursor) -> tuple[str, str]:
    """Id and user name of the member, as an earlier run learned them."""
    name = cursor.get("name")
    return post_id(cursor.get("me")), name if isinstance(name, str) else ""


def ask_for_profile(client: Client) -> tuple[Identity, Counts, bool]:
    """Who the token belongs to, the figures, and whether the posts are protected."""
    answer = client.get_me(user_auth=False, user_fields=list(OWN_FIELDS))
    # X shows no future: times of the profile are kept as they are.
    no_clock = datetime.max.replace(tzinfo=UTC)
    try:
        return *parse_identity(answer.get("data"), no_clock), is_protected(answer.get("data"))
    except Unreadable as error:
        raise Transient("no profile in the answer", code="garbage") from error


class Run:
    """One run of at most 20 pages. `owner` is the id of the member whose reads are owned."""

    def __init__(
        self,
        client: Client,
        cursor: Cursor,
        since: datetime,
        now: datetime,
        allowance: int | None,
        owner: str,
    ) -> None:
        self._client = client
        self._since = since
        self._left = allowance
        self._owner = owner
        self._me, self._name = known_member(cursor)
        is_hidden = cursor.get("protected") is True
        recent = kept_ids(cursor.get("recent"), RECENT_POSTS)
        self._view = Viewpoint(self._me, now, is_hidden, recent)
        self._profile_on = _day(cursor.get("profile_on"))
        self._lists = {name: DescentByIds.from_json(cursor.get(name)) for name in LISTS}
        self._turns = deque(LISTS)
        self._charged: set[tuple[str, str]] = set()

    def pages(self) -> Iterator[Page]:
        """Raises OutOfAllowance where more could be read, and its price does not fit."""
        taken = 0
        if self._is_profile_due():
            yield self._profile()
            taken = 1
        while self._turns and taken < MAX_PAGES:
            name, size = self._next()
            page = self._page(name, size)
            # A day without a look at the profile was read as well: without figures, so that the
            # last ones stand, and the account's clock goes on.
            yield page if taken else replace(page, counts=Counts())
            taken += 1

    # --- The profile --------------------------------------------------------------------------

    def _is_profile_due(self) -> bool:
        today = self._view.now.date()
        on = self._profile_on
        return (
            not self._me or not self._name or on is None or not (on <= today < on + PROFILE_EVERY)
        )

    def _profile(self) -> Page:
        if self._left is not None and self._left < USER:
            raise OutOfAllowance("the profile does not fit")
        with_cost = _Priced(USER)
        identity, counts, is_hidden = with_cost.call(lambda: ask_for_profile(self._client))
        if identity.remote_id != self._me:
            # Nothing that was kept is about this account.
            self._lists = dict.fromkeys(LISTS, DescentByIds())
        self._me = identity.remote_id
        self._name = identity.person.handle[1:].partition("@")[0]
        own = self._view.own if self._view.member_id == self._me else ()
        self._view = Viewpoint(self._me, self._view.now, is_hidden, own)
        self._profile_on = self._view.now.date()
        self._charged.add(("user", self._me))
        self._pay(USER)
        page = Page({}, counts, identity, progress=mark("Reading your profile"), cost=USER)
        return self._bookmarked(page)

    # --- The lists ----------------------------------------------------------------------------

    def _next(self) -> tuple[str, int]:
        """Whose turn it is, and how many items fit; a list that does not fit is passed over."""
        for name in list(self._turns):
            size = self._size(name)
            if size:
                self._turns.remove(name)
                self._turns.append(name)
                return name, size
        raise OutOfAllowance("not even a small page fits")

    def _size(self, name: str) -> int:
        """A share of what is left that leaves as much to each other list; else the least."""
        if self._left is None:
            return MAX_ITEMS
        kind = LISTS[name]
        worst = kind.worst(self._prices(name))
        size = min(self._left // len(self._turns) // worst, MAX_ITEMS)
        if size >= kind.least:
            return size
        return kind.least if kind.least * worst <= self._left else 0

    def _prices(self, name: str) -> Prices:
        return prices_of(name, is_owned=bool(self._me) and self._me == self._owner)

    def _page(self, name: str, size: int) -> Page:
        kind, stream = LISTS[name], self._lists[name]
        most = size * kind.worst(self._prices(name))
        try:
            answer = _Priced(most).call(lambda: self._ask(name, size))
        except BadQuery:
            if name != "shares":
                raise
            # Not every application may search; the rest is worth reading all the same.
            self._turns.remove(name)
            return self._bookmarked(Page({}, progress=kind.progress))
        came = included(answer)
        values = items(answer.get("data"), MAX_ITEMS)
        cost = min(self._cost(name, values, came), most)
        self._pay(cost)
        parsed, set_aside = each(values, lambda item: kind.parse(item, came, self._view))
        fresh = {item.id: item for item in parsed if stream.is_fresh(item.id)}
        self._lists[name], is_over = stream.after(_ids(values), meta_token(answer))
        if is_over:
            self._turns.remove(name)
        if name == "posts":
            self._remember(item.id for item in fresh.values() if item.post)
        read = [item for item in fresh.values() if item.at >= self._since]
        return self._bookmarked(
            Page(
                {},
                posts=tuple(item.post for item in read if item.post),
                reactions=tuple(item.reaction for item in read if item.reaction),
                outreach=tuple(act for item in read for act in item.outreach),
                set_aside=set_aside,
                progress=kind.progress + back_to(item.at for item in read),
                cost=cost,
            )
        )

    def _ask(self, name: str, size: int) -> dict[str, Any]:
        """One page; where X no longer knows its own token, by the last id instead."""
        try:
            return self._call(name, size)
        except BadQuery:
            if not self._lists[name].token:
                raise
            self._lists[name] = self._lists[name].without_token()
            return self._call(name, size)

    def _call(self, name: str, size: int) -> dict[str, Any]:
        query: dict[str, Any] = {
            "max_results": size,
            "tweet_fields": list(POST_FIELDS),
            **self._beginning(name),
            **self._lists[name].place(),
        }
        if name == "posts":
            wanted = query | {"expansions": ["referenced_tweets.id"]}
            return _object(self._client.get_users_tweets(self._me, **wanted))
        query |= {"expansions": ["author_id"], "user_fields": list(USER_FIELDS)}
        if name == "mentions":
            return _object(self._client.get_users_mentions(self._me, **query))
        if "pagination_token" in query:
            query["next_token"] = query.pop("pagination_token")
        return _object(self._client.search_recent_tweets(self._search(), **query))

    def _beginning(self, name: str) -> dict[str, Any]:
        """Down to where: what was read before, or how far back we read, or X does."""
        newest = self._lists[name].newest
        oldest = self._since
        if name == "shares":
            oldest = max(self._since, self._view.now - SEARCH_BACK)
            if newest and made_at(newest) < oldest:
                newest = ""
        return {"since_id": newest} if newest else {"start_time": oldest}

    def _search(self) -> str:
        """Reposts of the member, and quotes of the latest posts; one query costs what it finds."""
        quotes = [f"quotes_of_tweet_id:{own}" for own in self._view.own[:RECENT_POSTS]]
        return f"({' OR '.join([f'retweets_of:{self._name}', *quotes])}) -from:{self._name}"

    def _remember(self, ids: Iterator[str]) -> None:
        newest = sorted({*self._view.own, *ids}, key=int, reverse=True)[:RECENT_POSTS]
        self._view = replace(self._view, own=tuple(newest))

    # --- Money --------------------------------------------------------------------------------

    def _cost(self, name: str, values: list[Any], came: Included) -> int:
        """What X charges for an answer: each post and person once a day. Never too little."""
        prices = self._prices(name)
        things = {("post", remote_id) for remote_id in [*_ids(values), *came.posts]}
        things |= {("user", remote_id) for remote_id in came.users}
        unread = things - self._charged
        nameless = sum(1 for value in values if not _ids([value]))
        self._charged |= things
        posts = sum(1 for kind, _ in unread if kind == "post") + nameless
        return posts * prices.post + (len(unread) - posts + nameless) * prices.user

    def _pay(self, cost: int) -> None:
        if self._left is not None:
            self._left -= cost

    # --- Bookmarks ----------------------------------------------------------------------------

    def given_up(self) -> Page:
        """What is still below is left: with the next money the newest comes first."""
        self._lists = {name: stream.given_up() for name, stream in self._lists.items()}
        self._turns.clear()
        return self._bookmarked(Page({}, progress=mark("Stopping here, for the budget")))

    @property
    def is_half_way(self) -> bool:
        return any(stream.is_under_way for stream in self._lists.values())

    def _bookmarked(self, page: Page) -> Page:
        on = self._profile_on
        cursor: dict[str, Any] = {
            "me": self._me,
            "name": self._name,
            "protected": self._view.is_protected,
            "profile_on": on.isoformat() if on else "",
            "recent": list(self._view.own),
            **{name: stream.to_json() for name, stream in self._lists.items()},
        }
        return replace(page, cursor=cursor, more=bool(self._turns))


class _Priced:
    """A request; one that fails says what it may have cost all the same."""

    def __init__(self, most: int) -> None:
        self._most = most

    def call(self, request: Callable[[], Any]) -> Any:
        try:
            return request()
        except ConnectorError as error:
            if error.code in _MAY_BE_CHARGED:
                error.cost = self._most
            raise


def _object(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}


def _ids(values: list[Any]) -> list[str]:
    found = (post_id(value.get("id")) for value in values if isinstance(value, Mapping))
    return [remote_id for remote_id in found if remote_id]


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
