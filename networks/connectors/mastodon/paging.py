"""Where a read stands: pure steps that lose and double nothing however the server lies.

Two kinds of list. Statuses and notifications have ids that grow (`Stream`): first filled from
the newest down to `since`, then read forward from the newest seen. Follows have neither times nor
ids of their own (`Walk`): each walk goes down from the top to the first ones of the last walk.
Both become plain JSON and come back from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from networks.connectors.fields import Unreadable, identifier, items

# However long a list claims to be, we stop somewhere: 20,000 statuses in half a year.
MAX_FILL_PAGES = 500
MAX_WALK_PAGES = 100
_MARKS = 20


def order(remote_id: str) -> tuple[int, str]:
    """Ids in the order of time: numbers by size, flake ids and ULIDs by letter."""
    plain = remote_id.lstrip("0")
    return len(plain), plain


@dataclass(frozen=True)
class Stream:
    """`newest`: the newest id seen, never going back. `before`: how far down the filling is."""

    newest: str = ""
    before: str = ""
    is_full: bool = False
    pages: int = 0

    @classmethod
    def from_json(cls, value: object) -> "Stream":
        """From what was kept; anything odd begins anew."""
        kept = value if isinstance(value, dict) else {}
        newest, before = _kept_id(kept, "newest"), _kept_id(kept, "before")
        pages = kept.get("pages")
        return cls(
            newest,
            before,
            is_full=kept.get("is_full") is True and bool(newest),
            pages=pages if isinstance(pages, int) else 0,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def query(self) -> dict[str, str]:
        """What to ask the server for next."""
        if self.is_full:
            return {"min_id": self.newest}
        return {"max_id": self.before} if self.before else {}

    def is_fresh(self, remote_id: str) -> bool:
        """Whether an item of the next page is one that was not read yet."""
        if self.is_full:
            return order(remote_id) > order(self.newest)
        return not self.before or order(remote_id) < order(self.before)

    def after(self, seen: Mapping[str, datetime | None], since: datetime) -> "Step":
        """The stream after a page of these ids (with their times, where they can be read)."""
        fresh = [remote_id for remote_id in seen if self.is_fresh(remote_id)]
        if not fresh:
            return self._nothing_new()
        newest = max([self.newest, *fresh], key=order)
        if self.is_full:
            return Step(replace(self, newest=newest), is_exhausted=False)
        lowest = min(fresh, key=order)
        reached = seen[lowest]
        is_over = reached is not None and reached < since
        if is_over or self.pages + 1 >= MAX_FILL_PAGES:
            return Step(Stream(newest, is_full=True), is_exhausted=False)
        return Step(Stream(newest, lowest, pages=self.pages + 1), is_exhausted=False)

    def _nothing_new(self) -> "Step":
        if self.is_full or not self.newest:
            return Step(self, is_exhausted=True)
        # The bottom of the list. What came meanwhile is read forward next.
        return Step(Stream(self.newest, is_full=True), is_exhausted=False)


@dataclass(frozen=True)
class Step:
    stream: Stream
    is_exhausted: bool


@dataclass(frozen=True)
class Walk:
    """`marks`: the topmost ids of the last whole walk; `top`: those of the walk under way."""

    marks: tuple[str, ...] = ()
    top: tuple[str, ...] = ()
    before: str = ""
    pages: int = 0

    @classmethod
    def from_json(cls, value: object) -> "Walk":
        kept = value if isinstance(value, dict) else {}
        pages = kept.get("pages")
        return cls(
            _kept_ids(kept, "marks"),
            _kept_ids(kept, "top"),
            _kept_id(kept, "before"),
            pages if isinstance(pages, int) else 0,
        )

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "marks": list(self.marks), "top": list(self.top)}

    def query(self) -> dict[str, str]:
        return {"max_id": self.before} if self.before else {}

    def fresh(self, seen: Sequence[str]) -> set[str]:
        """The ids of a page above the first one that the last walk began with."""
        return set(takewhile(lambda remote_id: remote_id not in self.marks, seen))

    def after(self, seen: Sequence[str], following: str) -> tuple["Walk", bool]:
        """The walk after a page, and whether it is over. `following` is the next `max_id`."""
        top = self.top if self.before else tuple(seen[:_MARKS])
        arrived = any(remote_id in self.marks for remote_id in seen)
        stuck = not seen or not following or following == self.before
        if arrived or stuck or self.pages + 1 >= MAX_WALK_PAGES:
            return Walk(marks=top), True
        return Walk(self.marks, top, following, self.pages + 1), False


def _kept_id(kept: Mapping[str, Any], name: str) -> str:
    try:
        return identifier(kept.get(name))
    except Unreadable:
        return ""


def _kept_ids(kept: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(value for value in items(kept.get(name), _MARKS) if isinstance(value, str))
