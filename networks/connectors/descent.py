"""Where reading a list stands that a platform hands out newest first, in pages. Pure.

A *descent* goes from the top down to what the last one has read, or to `since`. It may be stopped
after any page and goes on from there; what came on top meanwhile is read by the next descent. What
a platform adds late, a little below the top, is found as well: the ids of the newest items are
kept, and a descent goes `overlap` deeper than the newest item of the last one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.connectors.fields import items, opaque

# Ids kept of the newest items; where more than these came within the overlap, time alone decides.
_MOST_KEPT = 300
_MOST_TOKEN = 500
# After so many pages in a row without anything new, what was read before is reached.
_STALE_PAGES = 5
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Descent:
    """`newest`: the time of the newest item of the last whole descent, never going back; `kept`
    the ids near it. `following`: the next page of the descent under way, `pages` how many it has
    behind it, `stale` how many of the last ones had nothing new, `top` and `seen` its newest time
    and the ids near that.
    """

    newest: datetime = _LONG_AGO
    kept: tuple[str, ...] = ()
    following: str = ""
    pages: int = 0
    stale: int = 0
    top: datetime = _LONG_AGO
    seen: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: object) -> "Descent":
        """From what was stored; anything odd begins anew."""
        stored = value if isinstance(value, dict) else {}
        return cls(
            _moment(stored.get("newest")),
            _ids(stored.get("kept")),
            opaque(stored.get("following"), _MOST_TOKEN),
            _number(stored.get("pages")),
            _number(stored.get("stale")),
            _moment(stored.get("top")),
            _ids(stored.get("seen")),
        )

    def to_json(self) -> dict[str, Any]:
        """Without what has nothing to say: an account may have hundreds of these."""
        stored: dict[str, Any] = {"following": self.following, "pages": self.pages}
        stored |= {"stale": self.stale, "kept": list(self.kept), "seen": list(self.seen)}
        times = {"newest": self.newest, "top": self.top}
        stored |= {name: at.isoformat() for name, at in times.items() if at > _LONG_AGO}
        return {name: value for name, value in stored.items() if value}

    @property
    def is_first(self) -> bool:
        """Whether nothing was read to the end before."""
        return self.newest == _LONG_AGO

    def floor(self, since: datetime, reach: timedelta) -> datetime:
        """Nothing older than this is gone down to."""
        return since if self.is_first else max(since, self.newest - reach)

    def is_fresh(
        self, remote_id: str, at: datetime, overlap: timedelta, *, thorough: bool = False
    ) -> bool:
        """Whether an item was not read yet; `thorough`: or may not have been (see `after`)."""
        if remote_id in self.kept or remote_id in self.seen:
            return False
        knows_all = thorough or len(self.kept) < _MOST_KEPT
        return at > self.newest or (knows_all and at > self.newest - overlap)

    def after(
        self,
        seen: Mapping[str, datetime],
        following: str,
        *,
        since: datetime,
        overlap: timedelta,
        most_pages: int,
        reach: timedelta | None = None,
        thorough: bool = False,
    ) -> tuple["Descent", bool]:
        """The descent after a page of these ids with their times, and whether it has arrived.

        `reach`: how far below the newest item of the last descent this one goes, `overlap` if None.
        `thorough`: down there always, past pages without anything new, and where more came within
        the overlap than can be kept, all of that is read again rather than missed.
        """
        top = max([self.top, *seen.values()])
        near = {i for i, at in seen.items() if at >= top - overlap} | set(self.seen)
        under_way = replace(self, top=top, seen=tuple(sorted(near))[:_MOST_KEPT])
        floor = self.floor(since, overlap if reach is None else reach)
        has_new = thorough or any(self.is_fresh(i, at, overlap) for i, at in seen.items())
        stale = 0 if has_new or self.is_first else self.stale + 1
        is_deep = bool(seen) and min(seen.values()) < floor
        # An odd one could not be stored, or not be handed back as it came.
        is_stuck = opaque(following, _MOST_TOKEN) in ("", self.following)
        is_long = self.pages + 1 >= most_pages or stale >= _STALE_PAGES
        if is_deep or is_stuck or is_long:
            return under_way._arrived(overlap), True
        return replace(under_way, following=following, pages=self.pages + 1, stale=stale), False

    def from_the_top(self) -> "Descent":
        """The descent under way given up, to be begun again."""
        return Descent(self.newest, self.kept)

    def _arrived(self, overlap: timedelta) -> "Descent":
        newest = max(self.newest, self.top)
        # Ids of the last descent stay only while they are near the newest still.
        kept = {*self.seen, *(self.kept if self.newest >= newest - overlap else ())}
        return Descent(newest, tuple(sorted(kept)[:_MOST_KEPT]))


def _moment(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else _LONG_AGO
        return found.astimezone(UTC) if found.tzinfo else _LONG_AGO
    except (ValueError, OverflowError):
        return _LONG_AGO


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _ids(value: object) -> tuple[str, ...]:
    return tuple(item for item in items(value, _MOST_KEPT) if isinstance(item, str))
