"""Mastodon's way of paging: newest first, with max_id, since_id and min_id.

Pure. Lists are kept oldest first; every item has an `id`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class HasId(Protocol):
    @property
    def id(self) -> int: ...


Item = TypeVar("Item", bound=HasId)


@dataclass(frozen=True, slots=True)
class Window:
    """What a client asked for. `min_id` means the page immediately newer than that id."""

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None


def _id(item: HasId) -> int:
    return item.id


def _always(_: object) -> bool:
    return True


def page(
    items: Sequence[Item],
    window: Window,
    horizon: int,
    keep: Callable[[Item], bool] = _always,
) -> list[Item]:
    """Up to `limit` items before `horizon`, newest first."""
    end = bisect_left(items, min(horizon, window.max_id or horizon), key=_id)
    begin = max(
        bisect_right(items, bound, key=_id)
        for bound in (-1, window.since_id or -1, window.min_id or -1)
    )
    forward = window.min_id is not None
    found: list[Item] = []
    for index in range(begin, end) if forward else range(end - 1, begin - 1, -1):
        if keep(items[index]):
            found.append(items[index])
            if len(found) == window.limit:
                break
    return found[::-1] if forward else found
