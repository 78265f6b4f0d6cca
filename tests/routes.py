"""Every route of the product, with an address that fits it."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

Entries = list[URLPattern | URLResolver]


class Route(NamedTuple):
    """`address` fits the pattern; `is_of_one`: it names a single thing; `space`: `admin:` or ""."""

    name: str
    address: str
    is_of_one: bool
    space: str


def routes() -> list[Route]:
    """In the order in which they are tried."""
    return list(_routes(get_resolver().url_patterns, "/", ""))


def _routes(entries: Entries, prefix: str, space: str) -> Iterator[Route]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _routes(entry.url_patterns, prefix + _example(entry), inner)
        else:
            name, pattern = entry.name or str(entry.pattern), str(entry.pattern)
            yield Route(name, prefix + _example(entry), "<" in pattern, space)


def _example(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern).removeprefix("^").removesuffix("$")
    for name, converter in entry.pattern.converters.items():
        value = "1" if isinstance(converter, IntConverter) else "2026-11-02"
        start = text.index("<")
        text = text[:start] + value + text[text.index(f":{name}>") + len(name) + 2 :]
    return text
