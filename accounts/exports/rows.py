"""Long lists of an export, read from the database while they are written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

CHUNK = 2000


class Rows:
    """A list that is never in memory as a whole: each walk through it asks anew."""

    def __init__(self, start: Callable[[], Iterable[Mapping[str, object]]]) -> None:
        self._start = start

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        return iter(self._start())


def rows_of(rows: QuerySet[Any], *fields: str) -> Rows:
    """These columns of a queryset, through a cursor at the server."""
    return Rows(lambda: rows.values(*fields).iterator(chunk_size=CHUNK))


def listed(value: object) -> Any:
    """The same with every `Rows` as a list, for what is small."""
    if isinstance(value, Mapping):
        return {key: listed(one) for key, one in value.items()}
    if isinstance(value, Rows | list | tuple):
        return [listed(one) for one in value]
    return value
