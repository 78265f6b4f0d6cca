"""Where one of X's lists stands: pure steps that lose and double nothing however X lies.

All its lists run from the newest down. A read goes down from the top to what was read before
(`newest`), page by page; until it arrives, the place on the way is kept. Ids are numbers that grow,
and each item costs money: so it never goes below `newest`, where `networks.connectors.descent`
looks a little further down by the times of the items.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

# However long a list claims to be, we stop somewhere: X itself ends at 3,200 posts.
MAX_PAGES = 700
_ID = re.compile(r"[0-9]{1,19}")
_TOKEN = re.compile(r"[A-Za-z0-9_.=-]{1,300}")
# Ids hold the moment they were made: milliseconds since this one, above 22 bits (snowflake).
_EPOCH_MS = 1_288_834_974_657


def post_id(value: object) -> str:
    """The id of a post or a person, without zeros before it; "" for anything else."""
    text = value if isinstance(value, str) else ""
    return text.lstrip("0") if _ID.fullmatch(text) else ""


def made_at(remote_id: str) -> datetime:
    """When a post with this id was made."""
    return datetime.fromtimestamp(((int(remote_id) >> 22) + _EPOCH_MS) / 1000, UTC)


@dataclass(frozen=True)
class DescentByIds:
    """`newest`: everything up to it was read, or given up. It never goes back.

    On the way down: `top` is the newest id seen, `lowest` the oldest, `token` leads on.
    """

    newest: str = ""
    top: str = ""
    lowest: str = ""
    token: str = ""
    pages: int = 0

    @classmethod
    def from_json(cls, value: object) -> "DescentByIds":
        """From what was kept; anything odd begins anew."""
        kept = value if isinstance(value, dict) else {}
        pages, token = kept.get("pages"), kept.get("token")
        return cls(
            post_id(kept.get("newest")),
            post_id(kept.get("top")),
            post_id(kept.get("lowest")),
            next_token(token),
            pages if isinstance(pages, int) and 0 <= pages < MAX_PAGES else 0,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_under_way(self) -> bool:
        return bool(self.token or self.lowest)

    def is_fresh(self, remote_id: str) -> bool:
        """Whether an item of the next page is one that was not read yet."""
        number = int(remote_id)
        below = not self.lowest or number < int(self.lowest)
        return below and (not self.newest or number > int(self.newest))

    def place(self) -> dict[str, str]:
        """Where the next page begins: by X's token, or below the last id where there is none."""
        if self.token:
            return {"pagination_token": self.token}
        return {"until_id": self.lowest} if self.lowest else {}

    def after(self, seen: Iterable[str], following: str) -> tuple["DescentByIds", bool]:
        """After a page with these ids: where the list stands, and whether it is done for now.

        A way down of several pages took its time, so the top is looked at once more after it.
        """
        fresh = [int(remote_id) for remote_id in seen if self.is_fresh(remote_id)]
        top = str(max([*fresh, int(self.top or 0)]) or "")
        lowest = str(min(fresh)) if fresh else self.lowest
        is_long = self.pages + 1 >= MAX_PAGES
        if following and following != self.token and not is_long:
            return DescentByIds(self.newest, top, lowest, following, self.pages + 1), False
        return DescentByIds(_newer(self.newest, top)), self.pages == 0 or is_long

    def given_up(self) -> "DescentByIds":
        """Without what is still below: the next read begins at the top."""
        return DescentByIds(_newer(self.newest, self.top))

    def without_token(self) -> "DescentByIds":
        return DescentByIds(self.newest, self.top, self.lowest, "", self.pages)


def next_token(value: object) -> str:
    """What X says leads on, or "" where it says nothing or nonsense."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


def kept_ids(value: object, most: int) -> tuple[str, ...]:
    values = value[:most] if isinstance(value, list) else []
    return tuple(found for found in map(post_id, values) if found)


def meta_token(answer: Mapping[str, Any]) -> str:
    meta = answer.get("meta")
    return next_token(meta.get("next_token")) if isinstance(meta, dict) else ""


def _newer(one: str, other: str) -> str:
    return str(max(int(one or 0), int(other or 0)) or "")
