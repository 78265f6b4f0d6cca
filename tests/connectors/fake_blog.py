"""A blog in a box: a page, a feed and whatever else is put there, over real HTTP.

It keeps its entries, writes the feed in three formats, answers conditional requests and remembers
what it was asked.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from typing import Any

from tests.connectors.fake_http import Handler, Loopback

FORMATS = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass
class Entry:
    slug: str
    title: str
    html: str
    at: datetime | None
    tags: tuple[str, ...] = ()


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})


class FakeBlog(Loopback):
    """One host with one site at `path` (and, if told so, others beside it)."""

    def __init__(self, now: datetime, format: str = "rss", path: str = "/") -> None:
        self.now = now
        self.format = format
        self.path = path
        self.entries: list[Entry] = []
        self.head: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.before: Callable[[str], None] = lambda _path: None
        self.feed_path = f"{path}feed"
        fake = self

        class Answering(Handler):
            def do_GET(self) -> None:
                fake._get(self)

        super().__init__(Answering)

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    def write(self, days_ago: float | None, title: str, html: str = "<p>Hi</p>", **f: Any) -> str:
        """A new entry; returns its address."""
        slug = f"post-{len(self.entries) + 1}"
        at = None if days_ago is None else self.now - timedelta(days=days_ago)
        self.entries.insert(0, Entry(slug, title, html, at, **f))
        return f"{self.url}{slug}"

    def put(self, path: str, body: str | bytes, kind: str = "text/html", status: int = 200) -> str:
        """A page of any kind; returns its address."""
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(data, status, {"Content-Type": kind})
        return f"http://{self.host}{path}"

    def move(self, path: str, to: str, status: int = 301) -> None:
        self.answers[path] = Answer(b"", status, {"Location": to})

    # --- Answers ----------------------------------------------------------------------------------

    def _get(self, to: Handler) -> None:
        path = to.path.partition("?")[0]
        self.asked.append((path, dict(to.headers)))
        self.before(path)
        if path in self.answers:
            return self._send(to, self.answers[path])
        if path in (self.path, self.path.rstrip("/")):
            return self._send(to, Answer(self._page()))
        if path == self.feed_path:
            return self._feed(to)
        return self._send(to, Answer(b"<h1>Not here</h1>", 404))

    def _feed(self, to: Handler) -> None:
        body = {"rss": self._rss, "atom": self._atom, "json": self._json}[self.format]().encode()
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if to.headers.get("If-None-Match") == etag:
            return self._send(to, Answer(b"", 304, {"ETag": etag}))
        kind = f"{FORMATS[self.format]}; charset=utf-8"
        return self._send(to, Answer(body, 200, {"Content-Type": kind, "ETag": etag}))

    def _send(self, to: Handler, answer: Answer) -> None:
        to.send_whole(answer.status, answer.headers, answer.body)

    def _page(self) -> bytes:
        kind = FORMATS[self.format]
        feed = f'<link rel="alternate" type="{kind}" href="{self.feed_path}">'
        head = "".join(["<title>Ada writes</title>", feed, *self.head])
        return f"<!doctype html><html><head>{head}</head><body><h1>Hi</h1></body></html>".encode()

    def _rss(self) -> str:
        items = "".join(
            f"<item><title>{escape(e.title)}</title><link>{e.slug}</link><guid>{e.slug}</guid>"
            + (f"<pubDate>{format_datetime(e.at)}</pubDate>" if e.at else "")
            + "".join(f"<category>{tag}</category>" for tag in e.tags)
            + f"<description>{escape(e.html)}</description></item>"
            for e in self.entries
        )
        return f'<rss version="2.0"><channel><title>Ada writes</title>{items}</channel></rss>'

    def _atom(self) -> str:
        entries = "".join(
            f'<entry><id>{e.slug}</id><title>{escape(e.title)}</title><link href="{e.slug}"/>'
            + (f"<published>{e.at.isoformat()}</published>" if e.at else "")
            + "".join(f'<category term="{tag}"/>' for tag in e.tags)
            + f'<content type="html">{escape(e.html)}</content></entry>'
            for e in self.entries
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Ada</title>{entries}</feed>'

    def _json(self) -> str:
        items = [
            {
                "id": e.slug,
                "url": e.slug,
                "title": e.title,
                "content_html": e.html,
                "tags": list(e.tags),
                **({"date_published": e.at.isoformat()} if e.at else {}),
            }
            for e in self.entries
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
