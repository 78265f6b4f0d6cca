"""Where the reading of one list stands, newest first: pure steps that lose and double nothing.

A walk goes down from the top to where the last whole walk began, and a little further: what others
do reaches a list by the clocks of their own devices, and minutes late. What was seen within that
overlap is remembered, so that it is not read twice. A walk cut off goes on at the server's own
cursor, and is followed by another from the top.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from networks.connectors.fields import items, opaque

OVERLAP = timedelta(hours=1)
# However long a list claims to be, we stop somewhere: 50,000 items in half a year.
MAX_PAGES = 500
_MAX_MARKS = 200
MAX_CURSOR = 500


@dataclass(frozen=True)
class Place:
    """Where one item stands in its list."""

    key: str
    at: datetime

    @property
    def mark(self) -> str:
        """What is remembered of it."""
        return blake2b(self.key.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Scan:
    """`floor`: the newest moment of the last whole walk; `marks`: what was seen within OVERLAP of
    it. `top`, `passed`: the same of the walk under way, which goes on at `cursor`.
    """

    floor: datetime | None = None
    marks: tuple[str, ...] = ()
    top: datetime | None = None
    passed: tuple[str, ...] = ()
    cursor: str = ""
    pages: int = 0

    @classmethod
    def from_json(cls, value: object) -> "Scan":
        """From what was kept; anything odd begins anew."""
        kept = value if isinstance(value, dict) else {}
        cursor, pages = opaque(kept.get("cursor"), MAX_CURSOR), kept.get("pages")
        floor, top = _moment(kept.get("floor")), _moment(kept.get("top"))
        is_under_way = bool(cursor)
        return cls(
            floor,
            _marks(kept, "marks") if floor else (),
            top if is_under_way else None,
            _marks(kept, "passed") if is_under_way else (),
            cursor,
            pages if isinstance(pages, int) and is_under_way else 0,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "floor": self.floor.isoformat() if self.floor else "",
            "marks": list(self.marks),
            "top": self.top.isoformat() if self.top else "",
            "passed": list(self.passed),
            "cursor": self.cursor,
            "pages": self.pages,
        }

    @property
    def is_under_way(self) -> bool:
        return bool(self.cursor)

    @property
    def is_first(self) -> bool:
        """Whether nothing was walked to its end yet."""
        return self.floor is None

    def bottom(self, since: datetime) -> datetime:
        """Nothing older than this is looked at."""
        return max(since, self.floor - OVERLAP) if self.floor else since

    def is_fresh(self, place: Place, since: datetime) -> bool:
        """Whether an item of the next page was not read yet."""
        return place.at >= self.bottom(since) and place.mark not in self.marks

    def after(self, seen: Sequence[Place], following: str, since: datetime) -> tuple["Scan", bool]:
        """The scan after a page, and whether the walk is over. `following`: the next cursor."""
        begun = self._passing(seen)
        is_below = bool(seen) and min(place.at for place in seen) < self.bottom(since)
        is_stuck = not following or following == self.cursor
        if is_below or is_stuck or self.pages + 1 >= MAX_PAGES:
            return begun._settled(), True
        return replace(begun, cursor=following, pages=self.pages + 1), False

    def _passing(self, seen: Sequence[Place]) -> "Scan":
        """With what the walk has seen; its top is that of its first page."""
        newest = max((place.at for place in seen), default=None)
        top = self.top or max(filter(None, (newest, self.floor)), default=None)
        if top is None:
            return self
        near = (place.mark for place in seen if place.at >= top - OVERLAP)
        passed = tuple(dict.fromkeys((*self.passed, *near)))
        return replace(self, top=top, passed=passed[:_MAX_MARKS])

    def _settled(self) -> "Scan":
        """The walk is over: what is below its top has been read."""
        if self.top is None:
            return Scan(self.floor, self.marks)
        kept = self.marks if self.floor and self.top - self.floor < OVERLAP else ()
        return Scan(self.top, tuple(dict.fromkeys((*self.passed, *kept)))[:_MAX_MARKS])


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _marks(kept: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(mark for mark in items(kept.get(name), _MAX_MARKS) if isinstance(mark, str))
