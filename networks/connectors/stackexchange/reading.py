"""One run of reading: the lists of the member's sites, each with its place in the cursor."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from language import gettext_noop as mark
from networks.connectors.base import Counts, Cursor, Identity, Page, Person
from networks.connectors.descent import Descent
from networks.connectors.fields import each, items
from networks.connectors.progress import placed
from networks.connectors.stackexchange.api import PAGE_SIZE, Api
from networks.connectors.stackexchange.parsing import (
    Item,
    View,
    outreach,
    own_post,
    parse_answer,
    parse_comment,
    parse_joined,
    parse_question,
    reaction,
)

MAX_PAGES = 20
# One request takes so many ids; of older posts nothing new is looked for.
MOST_IDS = 100
MAX_LIST_PAGES = 50
# What is shown is cached over there for a while.
LATE = timedelta(hours=1)
# In this order: the ids of questions and answers are needed for what others wrote to them.
LISTS = ("questions", "answers", "comments", "answered", "commented")
_NEWEST = {"order": "desc", "sort": "creation", "filter": "withbody"}
_WORDS = {
    "questions": mark("Reading your questions"),
    "answers": mark("Reading your answers"),
    "comments": mark("Reading whom you commented"),
    "answered": mark("Reading who answered you"),
    "commented": mark("Reading who commented on what you wrote"),
}


class Site:
    """What is read of one site."""

    def __init__(self, api: Api, view: View, since: datetime, kept: object) -> None:
        stored = kept if isinstance(kept, dict) else {}
        self._api, self._view, self._since = api, view, since
        self._descents = {name: Descent.from_json(stored.get(name)) for name in LISTS}
        self._questions = _ids(stored.get("question_ids"))
        self._posts = _ids(stored.get("post_ids"))
        self._joined: dict[str, datetime] = {}
        self._began_here = {name: not self._descents[name].following for name in LISTS}

    def to_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"question_ids": self._questions, "post_ids": self._posts}
        return kept | {name: descent.to_json() for name, descent in self._descents.items()}

    def step(self, name: str) -> tuple[Page, bool]:
        """One page of one list, and whether there is nothing more to ask it for."""
        path, parse = self._source(name)
        if not path:
            return Page({}), True
        descent = self._descents[name]
        number = page_number(descent.following)
        query: dict[str, str | int] = {"site": self._view.site, "page": number, **_NEWEST}
        listed = self._api.ask(path, query)
        parsed, set_aside = each(listed.items, parse)
        fresh = [item for item in parsed if descent.is_fresh(item.id, item.at, LATE)]
        self._descents[name], has_arrived = descent.after(
            {item.id: item.at for item in parsed},
            str(number + 1) if listed.has_more and parsed else "",
            since=self._since,
            overlap=LATE,
            most_pages=MAX_LIST_PAGES,
        )
        # What came on top of a descent that began earlier is there to be read now.
        is_over = has_arrived and self._began_here[name]
        self._began_here[name] |= has_arrived
        page = self._page(name, [item for item in fresh if item.at >= self._since])
        return replace(page, set_aside=set_aside, progress=_WORDS[name]), is_over

    def _source(self, name: str) -> tuple[str, Callable[[object], Item]]:
        """Path and parser of a list; no path where there is nothing it could be about."""
        question, answer, comment = (
            partial(parse, view=self._view)
            for parse in (parse_question, parse_answer, parse_comment)
        )
        questions, posts = ";".join(self._questions), ";".join(self._posts)
        sources: dict[str, tuple[str, Callable[[object], Item]]] = {
            "questions": ("/me/questions", question),
            "answers": ("/me/answers", answer),
            "comments": ("/me/comments", comment),
            "answered": (f"/questions/{questions}/answers" if questions else "", answer),
            "commented": (f"/posts/{posts}/comments" if posts else "", comment),
        }
        return sources[name]

    def _page(self, name: str, found: Sequence[Item]) -> Page:
        view = self._view
        if name in ("questions", "answers"):
            self._remember(name, found)
            asked = self._askers(found) if name == "answers" else {}
            acts = (outreach(item, asked.get(item.post_id), view) for item in found)
            posts = tuple(own_post(item, view) for item in found)
            return Page({}, posts=posts, outreach=tuple(filter(None, acts)))
        if name == "comments":
            acts = (outreach(item, item.to, view) for item in found)
            return Page({}, outreach=tuple(filter(None, acts)))
        reactions = (reaction(item, view) for item in self._with_age(found))
        return Page({}, reactions=tuple(filter(None, reactions)))

    def _remember(self, name: str, found: Sequence[Item]) -> None:
        """Ids of the latest posts, newest first."""
        ids = [item.id for item in found]
        if name == "questions":
            self._questions = _latest(ids, self._questions)
        self._posts = _latest(ids, self._posts)

    def _askers(self, answers: Iterable[Item]) -> dict[str, Person]:
        """Who asked the questions that the member answered, by question."""
        ids = list(dict.fromkeys(answer.post_id for answer in answers))[:PAGE_SIZE]
        if not ids:
            return {}
        listed = self._api.ask(f"/questions/{';'.join(ids)}", {"site": self._view.site})
        questions, _ = each(listed.items, partial(parse_question, view=self._view))
        return {question.id: question.owner for question in questions if question.owner}

    def _with_age(self, found: Sequence[Item]) -> list[Item]:
        """With the time each writer joined this site, which these lists leave out."""
        new = {
            item.user_id: item.owner.key
            for item in found
            if item.owner and item.user_id and item.owner.key not in self._joined
        }
        if new:
            ids = ";".join(list(new)[:PAGE_SIZE])
            listed = self._api.ask(f"/users/{ids}", {"site": self._view.site})
            joined, _ = each(listed.items, partial(parse_joined, view=self._view))
            self._joined |= dict(joined)
        return [
            replace(item, owner=replace(item.owner, created_at=self._joined.get(item.owner.key)))
            if item.owner
            else item
            for item in found
        ]


class Run:
    """At most 20 pages over all lists of all sites."""

    def __init__(
        self, api: Api, view: View, sites: Sequence[str], since: datetime, cursor: Cursor
    ) -> None:
        kept = cursor.get("sites")
        stored = kept if isinstance(kept, dict) else {}
        self._sites = {
            site: Site(api, replace(view, site=site), since, stored.get(site)) for site in sites
        }
        every = [f"{name}@{site}" for site in self._sites for name in LISTS]
        left = [name for name in items(cursor.get("left"), len(every)) if name in every]
        self._unread = left or every

    def profile(self, identity: Identity, counts: Counts) -> Page:
        return Page(
            self._cursor(left=self._unread),
            counts=counts,
            identity=identity,
            progress=mark("Reading your profile"),
            more=True,
        )

    def pages(self) -> Iterator[Page]:
        for _ in range(MAX_PAGES - 1):
            if not self._unread:
                return
            yield self._next()

    def _next(self) -> Page:
        name, _, site = self._unread[0].partition("@")
        page, is_over = self._sites[site].step(name)
        if is_over:
            del self._unread[0]
        progress = (page.progress or _WORDS[name]) + placed("on", site)
        cursor = self._cursor(left=self._unread)
        return replace(page, cursor=cursor, progress=progress, more=bool(self._unread))

    def _cursor(self, left: Sequence[str]) -> dict[str, Any]:
        """`left` are the lists that the next run goes on with; none: it begins with all."""
        sites = {name: site.to_json() for name, site in self._sites.items()}
        return {"sites": sites, "left": list(left)}


def _ids(value: object) -> list[str]:
    found = items(value, MOST_IDS)
    return [i for i in found if isinstance(i, str) and i.isascii() and i.isalnum()]


def _latest(new: Sequence[str], known: Sequence[str]) -> list[str]:
    """Newest first: ids grow with time on each site."""
    every = {i for i in (*new, *known) if i.isdigit()}
    return sorted(every, key=int, reverse=True)[:MOST_IDS]


def page_number(kept: str) -> int:
    """The page to go on at; the first where what was kept is none."""
    return int(kept) if kept.isdecimal() and len(kept) <= 5 else 1
