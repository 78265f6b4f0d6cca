"""Where a list goes on: after the last thing that was shown, so that what comes in between moves
nothing. Opaque and signed: a program hands back what it got, and nothing else is taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing

from klout.api.v3.problems import Wrong, invalid

Item = TypeVar("Item")
PER_PAGE = 20
PAGE_MOST = 100


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of a list, in order; `next_cursor` is None on the last page."""

    items: Sequence[Item]
    next_cursor: str | None


def page_of(
    found: Sequence[Item], limit: int, name: str, place: Callable[[Item], Any]
) -> Page[Item]:
    """Of one more than `limit` of the list called `name`; `place` is what orders an item."""
    shown = found[:limit]
    more = len(found) > limit
    return Page(shown, written(name, place(shown[-1])) if more else None)


def written(name: str, place: Any) -> str:
    return _signer(name).sign_object(place)


def read(name: str, cursor: str) -> Any:
    """The place behind a cursor of this list. Raises Problem for anything else."""
    try:
        return _signer(name).unsign_object(cursor)
    except (signing.BadSignature, ValueError):
        raise invalid([Wrong("query", "cursor", "This is no cursor of this list.")]) from None


def moment_and_id(name: str, cursor: str | None) -> tuple[datetime, int] | None:
    """The place in a list that is ordered by a moment and a number."""
    if not cursor:
        return None
    at, number = read(name, cursor)
    return datetime.fromisoformat(at), number


def as_place(at: datetime, number: int) -> tuple[str, int]:
    """The same to be written."""
    return at.isoformat(), number


def _signer(name: str) -> signing.Signer:
    return signing.Signer(salt=f"klout.api.v3.{name}")
