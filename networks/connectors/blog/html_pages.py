"""Reading a page of HTML: its links, its meta tags and what its microformats say. Pure.

libxml2 reads it piece by piece and nothing is built but short lists, so a page costs what its
length is. What its tokenizer is slow with (a hundred thousand attributes in one tag take a minute)
is one token that never ends: after a few pieces without any event the rest is not read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from networks.connectors.blog.addresses import absolute
from networks.connectors.blog.microformats import Entry, EntryReader
from networks.connectors.fields import line

_PIECE = 4_096
_SILENT_PIECES = 4
_MAX_LINKS = 10_000
_MAX_TITLE = 1_000
# Pictures written into the page; they are long, and lead nowhere.
_INLINE_DATA = re.compile(rb"data:[a-z/+;=,.0-9-]{1,60}[A-Za-z0-9+/=%]*")
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """Where something on a page leads: `rels` and `kind` (a MIME type) in lower case."""

    tag: str
    url: str
    rels: frozenset[str]
    kind: str = ""
    title: str = ""


@dataclass
class HtmlPage:
    """What is of use on one page; `metas` are its meta tags by name in lower case."""

    title: str = ""
    links: list[Link] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def read_html(body: bytes, url: str, content_type: str = "") -> HtmlPage:
    """The page at `url`. Never raises: what cannot be read is not there."""
    reader = _Reader(url)
    parser = etree.HTMLParser(target=reader, encoding=_encoding(body, content_type))
    text = _INLINE_DATA.sub(b"", body.replace(b"\x00", b""))
    silent = 0
    try:
        for start in range(0, len(text), _PIECE):
            before = reader.events
            parser.feed(text[start : start + _PIECE])
            silent = silent + 1 if reader.events == before else 0
            if silent >= _SILENT_PIECES:
                return reader.page()
        parser.close()
    except (etree.LxmlError, ValueError, AssertionError, LookupError):
        pass
    return reader.page()


def _encoding(body: bytes, content_type: str) -> str:
    found = _CHARSET.search(content_type) or _CHARSET.search(
        body[:1_024].decode("ascii", "replace")
    )
    name = found[1] if found else "utf-8"
    try:
        b"".decode(name)
        etree.HTMLParser(encoding=name)
    except LookupError:
        return "utf-8"
    return name


class _Reader:
    """What libxml2 tells its events to."""

    def __init__(self, url: str) -> None:
        self.events = 0
        self._page = HtmlPage()
        self._base, self._has_base = url, False
        self._titles: list[str] = []
        self._in_title = False
        self._entries = EntryReader()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.events += 1
        if tag == "title" and not self._titles:
            self._in_title = True
        if tag == "base" and not self._has_base and attributes.get("href"):
            base = absolute(attributes["href"], self._base)
            self._base, self._has_base = base or self._base, True
        if tag == "meta":
            self._meta(attributes)
        href = attributes.get("href") or attributes.get("src")
        url = absolute(href, self._base) if href else ""
        if url and len(self._page.links) < _MAX_LINKS:
            self._page.links.append(_link(tag, url, attributes))
        self._entries.start(tag, attributes, url)

    def end(self, tag: str) -> None:
        self.events += 1
        if tag == "title":
            self._in_title = False
        self._entries.end(tag)

    def data(self, text: str) -> None:
        self.events += 1
        if self._in_title and sum(map(len, self._titles)) < _MAX_TITLE:
            self._titles.append(text)

    def comment(self, _text: str) -> None:
        self.events += 1

    def close(self) -> None:
        """Asked for by the parser; there is nothing to hand over."""

    def page(self) -> HtmlPage:
        self._page.title = line("".join(self._titles), 200)
        self._page.entries = self._entries.found
        return self._page

    def _meta(self, attributes: Mapping[str, str]) -> None:
        name, content = attributes.get("name", ""), attributes.get("content", "")
        if name and len(self._page.metas) < 200:
            self._page.metas.append((name.strip().lower()[:100], content.strip()[:500]))


def _link(tag: str, url: str, attributes: Mapping[str, str]) -> Link:
    kind = attributes.get("type", "").partition(";")[0].strip().lower()[:100]
    rels = frozenset(attributes.get("rel", "")[:300].lower().split())
    return Link(tag, url, rels, kind, attributes.get("title", "")[:200])
