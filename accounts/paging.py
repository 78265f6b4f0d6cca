"""Which page of a list is asked for."""

from django.http import QueryDict

LAST_PAGE = 10_000


def page_of(query: QueryDict) -> int:
    """The number in `?page=`; nonsense is the first page."""
    asked = query.get("page", "1")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1
