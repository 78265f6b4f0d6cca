"""Which part of a list is asked for."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.http import QueryDict

LAST_PAGE = 10_000

# A place in a list that is ordered by a moment and, among equal ones, by id; the newest first.
Place = tuple[datetime, int]
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def page_of(query: QueryDict) -> int:
    """The number in `?page=`; nonsense is the first page."""
    asked = query.get("page", "1")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1


def older(rows: Rows, place: Place | None, by: str = "made_at") -> Rows:
    """Those that come after this place: what is added meanwhile moves nothing."""
    if place is None:
        return rows
    at, number = place
    return rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": number}))
