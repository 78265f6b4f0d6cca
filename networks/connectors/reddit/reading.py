"""One run of reading: own posts and comments, and the comments under own posts that have new ones.

A listing of own posts tells how many comments each has. So the tree of a post is asked for only
when there are more than last time, and a quiet account is three requests.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from language import gettext_noop as mark
from networks.connectors.base import Counts, Cursor, Identity, Page, Person
from networks.connectors.descent import Descent
from networks.connectors.fields import Unreadable, each
from networks.connectors.reddit.api import Api
from networks.connectors.reddit.parsing import (
    Thing,
    View,
    Writer,
    children,
    comments_under,
    outreach,
    own_post,
    parse_about,
    parse_thing,
    reaction,
)

MAX_PAGES = 20
PAGE_SIZE = 100
# Reddit ends its listings after about a thousand things.
MAX_LIST_PAGES = 12
# Under older posts nothing new counts for long enough to be looked for.
TREES_FOR = timedelta(days=90)
MOST_TREES = 200
MOST_COMMENTS = 500
LATE = timedelta(minutes=10)
# A profile is a request each: of the rest it is not known since when they are there. With a Reddit
# that takes its fifteen seconds for each of them a poll would lose its lease, and begin that page
# again when Reddit is well.
PROFILES_A_PAGE = 10
PROFILES_A_RUN = 60
LISTS = {"submitted": mark("Reading your posts"), "comments": mark("Reading your comments")}


class Run:
    """At most 20 pages: the two listings, then the trees that grew."""

    def __init__(self, api: Api, view: View, name: str, since: datetime, cursor: Cursor) -> None:
        self._api, self._view, self._name, self._since = api, view, name, since
        kept = cursor.get("lists")
        stored = kept if isinstance(kept, dict) else {}
        self._descents = {one: Descent.from_json(stored.get(one)) for one in LISTS}
        self._began_here = {one: not self._descents[one].following for one in LISTS}
        # Of each tree that was read: how many comments it had, and its newest one.
        self._read = _trees(cursor.get("read"))
        self._waiting = _counts(cursor.get("waiting"))
        left = cursor.get("left")
        every = list(LISTS)
        self._unread = [one for one in left if one in every] if isinstance(left, list) else every
        if not self._unread and not self._waiting:
            self._unread = every
        self._profiles: dict[str, Person] = {}

    def profile(self, identity: Identity, counts: Counts) -> Page:
        return Page(
            self._cursor(),
            counts=counts,
            identity=identity,
            progress=mark("Reading your profile"),
            more=True,
        )

    def pages(self) -> Iterator[Page]:
        for _ in range(MAX_PAGES - 1):
            if self._unread:
                page = self._listing(self._unread[0])
            elif self._waiting:
                page = self._tree(max(self._waiting, key=_age_of_id))
            else:
                return
            is_over = not self._unread and not self._waiting
            yield replace(page, cursor=self._cursor(), more=not is_over)

    def _listing(self, which: str) -> Page:
        descent = self._descents[which]
        query: dict[str, str | int] = {"limit": PAGE_SIZE, "sort": "new", "type": "links"}
        if descent.following:
            query["after"] = descent.following
        try:
            answer = self._api.get(f"/user/{self._name}/{which}", query)
            values, following = children(answer, PAGE_SIZE)
        except Unreadable:
            values, following = [], ""
        parsed, set_aside = each(values, partial(parse_thing, view=self._view))
        own = [one for one in parsed if one.writer and self._is_mine(one.writer)]
        fresh = [one for one in own if descent.is_fresh(one.full_name, one.at, LATE)]
        self._descents[which], has_arrived = descent.after(
            {one.full_name: one.at for one in own},
            following,
            since=self._since,
            overlap=LATE,
            most_pages=MAX_LIST_PAGES,
        )
        if has_arrived and self._began_here[which]:
            self._unread.remove(which)
        self._began_here[which] |= has_arrived
        recent = [one for one in fresh if one.at >= self._since]
        if which == "submitted":
            self._note_trees(own)
        acts = self._reached(recent) if which == "comments" else ()
        posts = tuple(own_post(one) for one in recent)
        return Page({}, posts=posts, outreach=acts, set_aside=set_aside, progress=LISTS[which])

    def _note_trees(self, own: Sequence[Thing]) -> None:
        """Trees with more comments than were read wait for their turn; old ones are forgotten."""
        for post in own:
            is_young = post.at >= self._view.now - TREES_FOR
            if is_young and post.comments != self._read.get(post.full_name, (0, ""))[0]:
                self._waiting[post.full_name] = post.comments
        latest = sorted(self._waiting, key=_age_of_id, reverse=True)[:MOST_TREES]
        self._waiting = {name: self._waiting[name] for name in latest}

    def _tree(self, post_id: str) -> Page:
        stands = self._waiting.pop(post_id)
        query: dict[str, str | int] = {"limit": MOST_COMMENTS, "sort": "new", "showmore": "false"}
        found = self._api.find(f"/comments/{post_id.partition('_')[2]}", query)
        parsed, set_aside = each(comments_under(found), partial(parse_thing, view=self._view))
        newest = self._read.get(post_id, (0, ""))[1]
        fresh = [one for one in parsed if _age_of_id(one.full_name) > _age_of_id(newest)]
        latest = max([newest, *(one.full_name for one in fresh)], key=_age_of_id)
        self._read[post_id] = (stands, latest)
        others = [
            (one, one.writer)
            for one in fresh
            if one.writer and not self._is_mine(one.writer) and one.at >= self._since
        ]
        self._look_up([writer for _, writer in others])
        reactions = tuple(reaction(one, post_id, self._person(writer)) for one, writer in others)
        return Page(
            {},
            reactions=tuple({one.key: one for one in reactions}.values()),
            set_aside=set_aside,
            progress=mark("Reading who commented under your posts"),
        )

    def _reached(self, comments: Sequence[Thing]) -> tuple[Any, ...]:
        """Only a comment on a post itself says by name whom it answers."""
        acts = []
        for one in comments:
            if not one.on_post or not one.post_author or one.post_author == self._name:
                continue
            person = self._profile(one.post_author)
            if person:
                acts.append(outreach(one, person))
        return tuple(acts)

    # --- People ----------------------------------------------------------------------------------

    def _is_mine(self, writer: Writer) -> bool:
        return writer.account_id == self._view.member_id

    def _person(self, writer: Writer) -> Person:
        known = self._profiles.get(writer.name)
        if known and known.key == writer.account_id:
            return known
        return Person(writer.account_id, f"u/{writer.name}", self._view.host, writer.name)

    def _look_up(self, writers: Sequence[Writer]) -> None:
        new = [one.name for one in writers if one.name not in self._profiles]
        for name in list(dict.fromkeys(new))[:PROFILES_A_PAGE]:
            self._profile(name)

    def _profile(self, name: str) -> Person | None:
        """Somebody's profile; so many are asked for in a run and no more."""
        if name not in self._profiles and len(self._profiles) < PROFILES_A_RUN:
            found = self._api.find(f"/user/{name}/about", {})
            try:
                self._profiles[name] = parse_about(found, self._view)
            except Unreadable:
                return None
        return self._profiles.get(name)

    def _cursor(self) -> dict[str, Any]:
        young = sorted(self._read, key=_age_of_id, reverse=True)[:MOST_TREES]
        return {
            "lists": {name: descent.to_json() for name, descent in self._descents.items()},
            "read": {name: list(self._read[name]) for name in young},
            "waiting": self._waiting,
            "left": self._unread,
        }


def _counts(value: object) -> dict[str, int]:
    """How many by full name, from what was kept; anything odd is forgotten."""
    kept = value if isinstance(value, dict) else {}
    return {
        name: number
        for name, number in list(kept.items())[:MOST_TREES]
        if isinstance(name, str) and name.startswith("t3_") and len(name) <= 20
        if isinstance(number, int) and not isinstance(number, bool)
    }


def _trees(value: object) -> dict[str, tuple[int, str]]:
    """(how many comments, full name of the newest) by post, from what was kept."""
    kept = value if isinstance(value, dict) else {}
    found: dict[str, tuple[int, str]] = {}
    for name, tree in list(kept.items())[:MOST_TREES]:
        count, newest = tree if isinstance(tree, list) and len(tree) == 2 else (None, None)
        if _counts({name: count}) and isinstance(newest, str) and len(newest) <= 20:
            found[name] = (int(count or 0), newest)
    return found


def _age_of_id(full_name: str) -> tuple[int, str]:
    """Ids are numbers in base 36 that grow with time."""
    return len(full_name), full_name
