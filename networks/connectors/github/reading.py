"""One run of reading: at most 20 pages over the lists of one member.

A page ends when something was found, or after a few calls that found nothing. So a run that finds
nothing new is two pages long, however many repositories there are, up to the limit of calls.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from language import gettext_noop as mark
from networks.connectors.base import (
    AccessRevoked,
    Counts,
    Cursor,
    Identity,
    OutreachKind,
    Page,
    SeenOutreach,
    SeenReaction,
)
from networks.connectors.fields import items
from networks.connectors.github.events import parse_event_of_others, parse_own_event
from networks.connectors.github.lists import Following, Found, Happenings, Pages, Parse, Past
from networks.connectors.github.parsing import (
    Account,
    Happening,
    Reached,
    Reacted,
    Repository,
    View,
    parse_starred,
    parse_written,
)
from networks.connectors.github.people import People
from networks.connectors.progress import placed
from networks.http import Answer, Door

MAX_PAGES = 20
# With up to 15 seconds a call, a page must not take longer than a poll holds its account.
CALLS_A_PAGE = 3
# Of so many repositories, those pushed to last, it is read who did something in them.
MOST_READ = 100
_STARRED = "application/vnd.github.star+json"
_VERSION = {"X-GitHub-Api-Version": "2022-11-28"}
_NEWEST = {"sort": "created", "direction": "desc"}
# What was in a repository before its events begin: name of the list, path and kind of its items.
_PAST = {
    "issues": ("issues", "issue"),
    "comments": ("issues/comments", "comment"),
    "reviews": ("pulls/comments", "review-comment"),
}
List = Happenings | Following


class Api:
    """GitHub's API with one token."""

    def __init__(self, door: Door, url: str, token: str) -> None:
        self._door, self._url, self._token = door, url, token

    def get(
        self, path: str, query: Mapping[str, str | int], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises AccessRevoked where the token is not (or no longer) good."""
        accept = {"Accept": "application/vnd.github+json"}
        sent = {**_VERSION, **accept, **(headers or {})}
        answer = self._door.get(self._url + path, params=query, token=self._token, headers=sent)
        if answer.status == 401:
            raise AccessRevoked("answered 401")
        return answer

    def graphql(self, body: Mapping[str, Any]) -> Answer:
        """On a server of one's own, GraphQL lies beside `/api/v3`; on GitHub below the API."""
        base = self._url.removesuffix("/v3") if self._url.endswith("/api/v3") else self._url
        return self._door.post(f"{base}/graphql", json=body, token=self._token)


class Run:
    """The lists of one member, each at its place in the cursor."""

    def __init__(
        self,
        api: Api,
        view: View,
        repositories: Sequence[Repository],
        since: datetime,
        cursor: Cursor,
    ) -> None:
        self._api, self._view, self._since = api, view, since
        self._people = People(view, api.graphql)
        self._repositories = repositories
        stored = cursor.get("lists")
        self._stored: Mapping[str, Any] = stored if isinstance(stored, dict) else {}
        self._told = {i for i in items(cursor.get("repos"), 2_000) if isinstance(i, str)}
        self._lists: dict[str, List] = {}
        self._words: dict[str, str] = {}
        self._add_lists()
        kept = [name for name in items(cursor.get("left"), 1_000) if isinstance(name, str)]
        left = [name for name in kept if name in self._lists]
        self._unread = [n for n in left or self._lists if not self._lists[n].is_pointless]

    def _add_lists(self) -> None:
        login = self._view.login
        pages = self._pages("own", f"/users/{login}/events/public", {})
        self._add(
            "own", pages, partial(parse_own_event, view=self._view), mark("Reading what you did")
        )
        pages = self._pages("starred", "/user/starred", _NEWEST, _STARRED)
        starred = partial(parse_starred, view=self._view)
        self._add("starred", pages, starred, mark("Reading what you starred"))
        pages = self._pages("following", "/user/following", {})
        self._lists["following"] = Following(pages, self._stored.get("following"), self._view.now)
        self._words["following"] = mark("Reading whom you follow")
        ours = [repository for repository in self._repositories if repository.is_own_work]
        for repository in ours[:MOST_READ]:
            self._add_repository(repository)

    def _add_repository(self, repository: Repository) -> None:
        path = f"/repos/{repository.path}"
        words = mark("Reading what others did") + placed("in", repository.path)
        key = f"{repository.remote_id}:events"
        pages = self._pages(key, f"{path}/events", {})
        events = self._add(key, pages, partial(parse_event_of_others, view=self._view), words)
        for name, (tail, kind) in _PAST.items():
            key = f"{repository.remote_id}:{name}"
            wanted = {**_NEWEST, "state": "all"} if kind == "issue" else _NEWEST
            self._lists[key] = Past(
                self._pages(key, f"{path}/{tail}", wanted),
                partial(parse_written, kind=kind, repository=repository, view=self._view),
                self._stored.get(key),
                self._since,
                self._view.now,
                events,
            )
            self._words[key] = words

    def _add(self, name: str, pages: Pages, parse: Parse, words: str) -> Happenings:
        listed = Happenings(pages, parse, self._stored.get(name), self._since, self._view.now)
        self._lists[name], self._words[name] = listed, words
        return listed

    def _pages(self, name: str, path: str, wanted: Mapping[str, str], accept: str = "") -> Pages:
        return Pages(self._api.get, path, wanted, self._stored.get(name), accept)

    # --- Pages -------------------------------------------------------------------------------

    def profile(self, identity: Identity, counts: Counts, set_aside: int) -> Page:
        """The first page: the figures, and the repositories that were not told of yet."""
        new = [r for r in self._repositories if r.is_own_work and r.remote_id not in self._told]
        self._told = {repository.remote_id for repository in self._repositories}
        return Page(
            self._cursor(),
            counts=counts,
            identity=identity,
            posts=tuple(repository.post for repository in new),
            set_aside=set_aside,
            progress=mark("Reading your profile"),
            more=True,
        )

    def pages(self) -> Iterator[Page]:
        for number in range(2, MAX_PAGES + 1):
            found, words = self._next_found()
            page = self._page(found, words, is_last=number == MAX_PAGES)
            yield page
            if not page.more:
                return

    def _next_found(self) -> tuple[Found, str]:
        """What the next few calls bring: up to the first that brings anything."""
        words, found = mark("Looking for what is new"), Found()
        calls = 0
        while self._unread and calls < CALLS_A_PAGE and not _is_something(found):
            name = self._unread[0]
            found, words = self._lists[name].step(), self._words[name]
            calls += 1
            if found.is_over:
                del self._unread[0]
        return found, words

    def _page(self, found: Found, words: str, *, is_last: bool) -> Page:
        reacted = [(i.reacted, i.at) for i in found.happenings if i.reacted]
        reached = [*_reached(found.happenings), *_follows(found.followed, self._view)]
        self._people.look_up(act.by for act, _ in reacted)
        self._people.look_up(act.target for act, _ in reached if not act.target.remote_id)
        return Page(
            self._cursor(left=self._unread if is_last else ()),
            posts=tuple(item.post for item in found.happenings if item.post),
            reactions=tuple(self._reactions(reacted)),
            outreach=tuple(self._outreach(reached)),
            set_aside=found.set_aside,
            progress=words,
            more=bool(self._unread),
        )

    def _reactions(self, reacted: Iterable[tuple[Reacted, datetime]]) -> Iterator[SeenReaction]:
        for act, at in reacted:
            person = self._people.person(act.by)
            if person:
                yield SeenReaction(act.key, act.kind, person, at, act.about)

    def _outreach(self, reached: Iterable[tuple[Reached, datetime]]) -> Iterator[SeenOutreach]:
        """Without those whose account is gone: there is nobody left to have been reached."""
        for act, at in reached:
            person = self._people.person(act.target)
            if person and person.key != self._view.member_id:
                yield SeenOutreach(act.key, act.kind, person, at, act.url)

    def _cursor(self, left: Sequence[str] = ()) -> dict[str, Any]:
        """`left` are the lists that the next run has to go on with; empty: with all of them."""
        lists = {name: kept for name, one in self._lists.items() if (kept := one.to_json())}
        return {"lists": lists, "left": list(left), "repos": sorted(self._told)}


def _is_something(found: Found) -> bool:
    return bool(found.happenings or found.followed or found.set_aside)


def _reached(happenings: Iterable[Happening]) -> list[tuple[Reached, datetime]]:
    return [(item.reached, item.at) for item in happenings if item.reached]


def _follows(accounts: Iterable[Account], view: View) -> Iterator[tuple[Reached, datetime]]:
    """GitHub does not say since when somebody is followed: since we saw it first."""
    for account in accounts:
        key = f"{OutreachKind.FOLLOW}:{account.remote_id}"
        yield Reached(key, OutreachKind.FOLLOW, account, view.url(account.login)), view.now
