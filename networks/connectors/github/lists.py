"""The lists that one run goes through, each with its place in the cursor.

A list is asked one page at a time, and the first page only if it has changed: GitHub answers 304
to the ETag of the last time, which takes nothing of the allowance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from networks.connectors.base import Transient
from networks.connectors.descent import Descent
from networks.connectors.fields import each, items, optional_moment
from networks.connectors.github.parsing import Account, Happening, parse_account
from networks.http import Answer

# Events are shown up to six hours late.
LATE = timedelta(hours=6)
# GitHub shows at most 300 events, and we go through no longer list than 50 pages.
MAX_PAGES = 50
MAX_FOLLOWED = 1_000
# Items asked for at once. Where they are too large together, fewer are asked for.
_PAGE_SIZES = (50, 10, 2)
_MAX_ITEMS = 100
_MAX_ETAG = 200
# What is gone, blocked or switched off there is a list without news.
_NOTHING_THERE = frozenset({404, 410, 422, 451})

Get = Callable[[str, Mapping[str, str | int], Mapping[str, str]], Answer]
Parse = Callable[[object], Happening]


@dataclass
class Found:
    """What one call brought."""

    happenings: list[Happening] = field(default_factory=list)
    followed: list[Account] = field(default_factory=list)
    set_aside: int = 0
    is_over: bool = False


class Pages:
    """One list, by pages: asks for them, smaller ones where they are too large."""

    def __init__(
        self, get: Get, path: str, wanted: Mapping[str, str], stored: object, accept: str = ""
    ) -> None:
        kept = stored if isinstance(stored, dict) else {}
        etag, wait = kept.get("etag"), kept.get("not_before")
        self._get, self._path, self._wanted = get, path, wanted
        self._headers = {"Accept": accept} if accept else {}
        self.etag = etag if isinstance(etag, str) and len(etag) <= _MAX_ETAG else ""
        self.not_before = wait if isinstance(wait, str) else ""
        self._sizes = list(_PAGE_SIZES)

    def to_json(self) -> dict[str, str]:
        kept = {"etag": self.etag, "not_before": self.not_before}
        return {name: value for name, value in kept.items() if value}

    def must_wait(self, now: datetime) -> bool:
        """Whether GitHub asked not to be asked again yet (X-Poll-Interval)."""
        until = optional_moment(self.not_before, datetime.max.replace(tzinfo=now.tzinfo))
        return until is not None and until > now

    def ask(self, page: str, now: datetime) -> Answer:
        """The first page, where `page` is empty, or a later one, whatever its number is then."""
        while True:
            try:
                answer = self._ask(page)
                break
            except Transient as error:
                if error.code != "too_large" or len(self._sizes) == 1:
                    raise
                del self._sizes[0]
        interval = answer.headers.get("x-poll-interval", "")
        if not page and interval.isascii() and interval.isdigit():
            seconds = min(int(interval[:6]), 86_400)
            self.not_before = (now + timedelta(seconds=seconds)).isoformat() if seconds else ""
        if not page and answer.status == 200:
            etag = answer.headers.get("etag", "")
            self.etag = etag if len(etag) <= _MAX_ETAG and etag.isascii() else ""
        return answer

    def _ask(self, page: str) -> Answer:
        # The same place in the list, also where its pages are smaller now.
        number, _, size = page.partition("x")
        before = (int(number) - 1) * int(size) if page else 0
        place = {"page": before // self._sizes[0] + 1} if page else {}
        headers = self._headers | ({"If-None-Match": self.etag} if self.etag and not page else {})
        query: dict[str, str | int] = {**self._wanted, "per_page": self._sizes[0], **place}
        return self._get(self._path, query, headers)

    def following(self, answer: Answer) -> str:
        """The place after this page, as `page x size`; of the link only the number is taken."""
        query = parse_qs(urlsplit(answer.link("next") or "").query)
        number = query.get("page", [""])[0]
        is_number = number.isascii() and number.isdigit() and len(number) <= 4
        return f"{number}x{self._sizes[0]}" if is_number else ""


class Happenings:
    """A list of what happened, newest first."""

    def __init__(
        self, pages: Pages, parse: Parse, stored: object, since: datetime, now: datetime
    ) -> None:
        kept = stored if isinstance(stored, dict) else {}
        self._pages, self._parse = pages, parse
        self._descent = Descent.from_json(kept.get("descent"))
        self._since, self._now = since, now
        self._began_here = not self._descent.following
        self.reach = optional_moment(kept.get("reach"), now)

    @property
    def is_pointless(self) -> bool:
        """Whether there is nothing to ask for in this run."""
        return not self._descent.following and self._pages.must_wait(self._now)

    def to_json(self) -> dict[str, Any]:
        reach = {"reach": self.reach.isoformat()} if self.reach else {}
        return self._pages.to_json() | reach | {"descent": self._descent.to_json()}

    def step(self) -> Found:
        """Ask for one page."""
        answer = self._pages.ask(_place(self._descent.following), self._now)
        if answer.status == 304:
            return Found(is_over=True)
        values = listed(answer)
        parsed, set_aside = each(values, self._parse)
        seen = {item.remote_id: item.at for item in parsed}
        fresh = [i for i in parsed if self._descent.is_fresh(i.remote_id, i.at, LATE)]
        if self._descent.is_first:
            self.reach = min([*seen.values(), self.reach or self._now])
        has_arrived = self._go_down(seen, self._pages.following(answer) if values else "")
        # What came on top of a descent that began in an earlier run is there to be read now.
        is_over = has_arrived and self._began_here
        self._began_here = self._began_here or has_arrived
        return Found(
            [i for i in fresh if i.at >= self._since], set_aside=set_aside, is_over=is_over
        )

    def _go_down(self, seen: Mapping[str, datetime], following: str) -> bool:
        self._descent, has_arrived = self._descent.after(
            seen, following, since=self._since, overlap=LATE, most_pages=MAX_PAGES
        )
        return has_arrived


class Past(Happenings):
    """A list that is read once, for what was before the events of `events` begin."""

    def __init__(
        self,
        pages: Pages,
        parse: Parse,
        stored: object,
        since: datetime,
        now: datetime,
        events: Happenings,
    ) -> None:
        super().__init__(pages, parse, stored, since, now)
        self._is_done = isinstance(stored, dict) and stored.get("done") is True
        self._events = events

    @property
    def is_pointless(self) -> bool:
        return self._is_done

    def to_json(self) -> dict[str, Any]:
        return {"done": True} if self._is_done else {"descent": self._descent.to_json()}

    def step(self) -> Found:
        found = super().step()
        began_at = self._events.reach or self._now
        found.happenings = [item for item in found.happenings if item.at <= began_at]
        return found

    def _go_down(self, seen: Mapping[str, datetime], following: str) -> bool:
        self._is_done = super()._go_down(seen, following)
        self._began_here = True
        return self._is_done


class Following:
    """Whom the member follows: neither in an order that is promised nor with a date."""

    def __init__(self, pages: Pages, stored: object, now: datetime) -> None:
        kept = stored if isinstance(stored, dict) else {}
        self._pages, self._now = pages, now
        self._known = {i for i in items(kept.get("known"), MAX_FOLLOWED) if isinstance(i, str)}
        following = kept.get("following")
        self._place = _place(following if isinstance(following, str) else "")

    is_pointless = False

    def to_json(self) -> dict[str, Any]:
        place = {"following": self._place} if self._place else {}
        return self._pages.to_json() | place | {"known": sorted(self._known)}

    def step(self) -> Found:
        answer = self._pages.ask(self._place, self._now)
        if answer.status == 304:
            return Found(is_over=True)
        accounts, set_aside = each(listed(answer), parse_account)
        fresh = {a.remote_id: a for a in accounts if a.remote_id not in self._known}
        room = MAX_FOLLOWED - len(self._known)
        taken = list(fresh.values())[:room]
        self._known |= {account.remote_id for account in taken}
        following = self._pages.following(answer)
        is_far = int(following.partition("x")[0] or 0) > MAX_PAGES
        is_full = len(taken) < len(fresh)
        self._place = "" if is_full or is_far or following == self._place else following
        return Found(followed=taken, set_aside=set_aside, is_over=not self._place)


def listed(answer: Answer) -> list[object]:
    """The items of an answer; none where there is nothing to see (any more)."""
    is_blocked = answer.status == 403 and "json" in answer.headers.get("content-type", "")
    if is_blocked or answer.status in _NOTHING_THERE:
        return []
    if answer.status != 200:
        raise Transient(f"answered {answer.status}", code="server_error")
    value = answer.json()
    if not isinstance(value, list):
        raise Transient("not a list", code="garbage")
    return value[:_MAX_ITEMS]


def _place(text: str) -> str:
    """A place in a list as it was stored, or the top of it."""
    number, _, size = text.partition("x")
    is_place = all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (number, size))
    return text if is_place and int(number) > 0 and int(size) > 0 else ""
