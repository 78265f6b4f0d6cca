"""One run of reading a feed: its posts in pages of 50, and the cursor after each.

The cursor holds where the feed was found, what to ask it with next time (ETag, Last-Modified),
which entries are known, and, while a feed is read in parts, how far. A part counts
only for the very same bytes: whatever changed is read from its beginning, and rows come once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from language import gettext_noop as marked
from networks.connectors.base import (
    Counts,
    Cursor,
    Identity,
    Page,
    Permanent,
    Transient,
)
from networks.connectors.blog.addresses import Site, digest
from networks.connectors.blog.feed import (
    MAX_ENTRIES,
    Feed,
    Written,
    outreach_of,
    parse_feed,
    post_of,
)
from networks.connectors.fields import count
from networks.connectors.progress import back_to
from networks.http import Answer, Door

PAGE_SIZE = 50
# Entries that were read before are told by the first 48 bits of their digest.
KEY_LENGTH = 12
MAX_KNOWN = 2 * MAX_ENTRIES
FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_MAX_VALIDATOR = 300


@dataclass(frozen=True)
class Mark:
    """A cursor that can be relied on: whatever else came in its place begins anew."""

    feed: str = ""
    etag: str = ""
    modified: str = ""
    of: str = ""
    done: int = 0
    known: tuple[str, ...] | None = None

    @classmethod
    def from_json(cls, cursor: Cursor) -> "Mark":
        value = cursor if isinstance(cursor, Mapping) else {}
        texts = {
            name: text
            for name, most in (("feed", 2_000), ("etag", 300), ("modified", 300), ("of", 32))
            if isinstance(text := value.get(name), str) and len(text) <= most
        }
        known = value.get("known")
        return cls(
            **texts,
            done=min(count(value.get("done")) or 0, MAX_ENTRIES),
            known=tuple(str(key)[:KEY_LENGTH] for key in known[:MAX_KNOWN])
            if isinstance(known, list)
            else None,
        )

    def to_json(self) -> dict[str, Any]:
        kept = {"feed": self.feed, "etag": self.etag, "modified": self.modified, "of": self.of}
        known = {} if self.known is None else {"known": list(self.known)}
        return {**kept, "done": self.done, **known}

    def conditions(self) -> dict[str, str]:
        """Headers that ask only for what is new; none while the feed is read in parts."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: text for name, text in asked.items() if text and not self.of}


def fetch_feed(door: Door, url: str, conditions: Mapping[str, str]) -> Answer:
    """The feed, or 304. Raises Permanent (feed_gone), Transient."""
    answer = door.get(url, headers={"Accept": FEED_TYPES, **conditions})
    if answer.status in (404, 410):
        raise Permanent(f"the feed answered {answer.status}", code="feed_gone")
    if answer.status not in (200, 304):
        raise Transient(f"the feed answered {answer.status}", code="server_error")
    return answer


@dataclass
class Run:
    """One run over one feed that was fetched."""

    site: Site
    identity: Identity
    mark: Mark
    since: datetime
    now: datetime

    def nothing_new(self) -> Page:
        return Page(
            self.mark.to_json(),
            Counts(),
            self.identity,
            progress=marked("Nothing new in your feed"),
        )

    def pages(self, answer: Answer) -> Iterator[Page]:
        feed = parse_feed(answer.body, answer.url, self.now)
        known = frozenset(self.mark.known or ())
        fresh = [entry for entry in feed.entries if entry.key[:KEY_LENGTH] not in known]
        of = digest(answer.body.decode("utf-8", "replace"))
        done = self.mark.done if self.mark.of == of else 0
        more = done < len(fresh)
        yield Page(
            (self._part(of, done) if more else self._finished(answer, feed)).to_json(),
            Counts(),
            self.identity,
            set_aside=feed.set_aside,
            progress=marked("Reading your site and its feed"),
            more=more,
        )
        while more:
            part = fresh[done : done + PAGE_SIZE]
            done += len(part)
            more = done < len(fresh)
            mark = self._part(of, done) if more else self._finished(answer, feed)
            yield self._page(part, mark, more)

    def _page(self, part: list[Written], mark: Mark, more: bool) -> Page:
        dated = [(entry, entry.at or self._first_seen()) for entry in part]
        fresh = [(entry, at) for entry, at in dated if at and at >= self.since]
        return Page(
            mark.to_json(),
            posts=tuple(post_of(entry, self.site, at) for entry, at in fresh),
            outreach=tuple(act for entry, at in fresh for act in outreach_of(entry, self.site, at)),
            set_aside=sum(at is None for _, at in dated),
            progress=marked("Reading what you wrote") + back_to(at for _, at in dated),
            more=more,
        )

    def _first_seen(self) -> datetime | None:
        """An entry without a date is as old as we know it; what was there at first has no age."""
        return None if self.mark.known is None else self.now

    def _part(self, of: str, done: int) -> Mark:
        return Mark(self.mark.feed, of=of, done=done, known=self.mark.known)

    def _finished(self, answer: Answer, feed: Feed) -> Mark:
        keys = [entry.key[:KEY_LENGTH] for entry in feed.entries]
        known = tuple(dict.fromkeys([*keys, *(self.mark.known or ())]))
        etag, modified = _validator(answer, "etag"), _validator(answer, "last-modified")
        return Mark(self.mark.feed, etag=etag, modified=modified, known=known[:MAX_KNOWN])


def _validator(answer: Answer, name: str) -> str:
    text = answer.headers.get(name, "")
    fits = len(text) <= _MAX_VALIDATOR and text.isascii() and text.isprintable()
    return text if fits else ""
