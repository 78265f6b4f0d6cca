"""What a page's microformats2 say: which addresses its entries answer, and when. Pure.

Only what a Webmention's kind is told by: h-entry with in-reply-to, like-of, repost-of and
bookmark-of (also as a nested h-cite with a u-url), and dt-published. The one maintained library
(mf2py 2.0) builds every property of every element, and takes twice as long for each further level
of nesting: twelve levels are 2 seconds, a page of 1 kB can take for ever.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from networks.connectors.base import ReactionKind

KINDS = {
    "u-in-reply-to": ReactionKind.REPLY,
    "u-like-of": ReactionKind.FAVOURITE,
    "u-repost-of": ReactionKind.RESHARE,
    "u-bookmark-of": ReactionKind.BOOKMARK,
}
_NEVER_CLOSED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_MAX_ENTRIES = 500
_MAX_ANSWERS = 200
_MAX_CLASSES = 1_000


@dataclass
class Entry:
    """One h-entry: the addresses it answers with the kind of answer, and its date as written."""

    answers: list[tuple[ReactionKind, str]] = field(default_factory=list)
    published: str = ""


@dataclass
class _Open:
    """An element that is not closed yet: what it begins."""

    tag: str
    entry: Entry | None = None
    cites: tuple[ReactionKind, ...] = ()
    is_item: bool = False


class EntryReader:
    """Walks over a page's elements in order."""

    def __init__(self) -> None:
        self.found: list[Entry] = []
        self._open: list[_Open] = []
        # The elements among them that are items, innermost last.
        self._items: list[_Open] = []

    def start(self, tag: str, attributes: Mapping[str, str], url: str) -> None:
        classes = attributes.get("class", "")[:_MAX_CLASSES].split()
        if classes:
            self._properties(classes, attributes, url)
        if tag in _NEVER_CLOSED:
            return
        opened = _Open(tag, is_item=any(name.startswith("h-") for name in classes))
        if opened.is_item:
            self._begin_item(opened, classes)
        self._open.append(opened)

    def end(self, tag: str) -> None:
        """libxml2 closes in order what it opened; anything else is passed over."""
        if tag in _NEVER_CLOSED or not self._open or self._open[-1].tag != tag:
            return
        if self._open.pop().is_item:
            self._items.pop()

    def _begin_item(self, opened: _Open, classes: list[str]) -> None:
        opened.cites = tuple(KINDS[name] for name in classes if name in KINDS)
        if "h-entry" in classes and not opened.cites and len(self.found) < _MAX_ENTRIES:
            opened.entry = Entry()
            self.found.append(opened.entry)
        self._items.append(opened)

    def _properties(self, classes: list[str], attributes: Mapping[str, str], url: str) -> None:
        if not self._items:
            return
        here = self._items[-1]
        if here.entry:
            if url:
                self._answer(here.entry, (KINDS[c] for c in classes if c in KINDS), url)
            if "dt-published" in classes and not here.entry.published:
                said = attributes.get("datetime") or attributes.get("title") or ""
                here.entry.published = (said or attributes.get("value", ""))[:60].strip()
        elif here.cites and url and "u-url" in classes and len(self._items) > 1:
            outer = self._items[-2].entry
            if outer:
                self._answer(outer, iter(here.cites), url)

    def _answer(self, entry: Entry, kinds: Iterator[ReactionKind], url: str) -> None:
        for kind in kinds:
            if len(entry.answers) < _MAX_ANSWERS:
                entry.answers.append((kind, url))
