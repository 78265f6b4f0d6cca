"""Looking at a page that says it mentions another (W3C Recommendation Webmention, 3.2.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from networks.connectors.base import ReactionKind, Transient
from networks.connectors.blog.addresses import absolute, domain_of, page_id
from networks.connectors.blog.html_pages import HtmlPage, read_html
from networks.connectors.fields import optional_moment
from networks.http import Answer, Door

_ACCEPT = "text/html, application/xhtml+xml, application/json;q=0.7, text/plain;q=0.5"
_MAX_VALUES = 50_000


@dataclass(frozen=True)
class Mention:
    """A page that links to the target: whose it is, how it answers, and since when it says so."""

    domain: str
    kind: ReactionKind
    said_at: datetime | None


def look_at_source(door: Door, source: str, target: str, now: datetime) -> Mention | None:
    """The mention of `target` on the page at `source`; None if it is gone or never was.

    Whose the page is, is the domain where it was found after redirects. What the page says of its
    author is not looked at: anybody can name anybody. Raises ConnectorError.
    """
    answer = door.get(source, headers={"Accept": _ACCEPT})
    if answer.status in (404, 410):
        return None
    if answer.status != 200:
        raise Transient(f"the source answered {answer.status}", code="server_error")
    domain = domain_of(answer.url)
    if not domain:
        return None
    kind = answer.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return _on_page(answer, domain, page_id(target), now)
    if kind == "application/json" or kind.endswith("+json"):
        says = page_id(target) in map(page_id, _texts(answer.json()))
    elif kind.startswith("text/"):
        says = target in answer.body.decode("utf-8", "replace")
    else:
        says = False
    return Mention(domain, ReactionKind.MENTION, None) if says else None


def _on_page(answer: Answer, domain: str, target: str, now: datetime) -> Mention | None:
    page = read_html(answer.body, answer.url, answer.headers.get("content-type", ""))
    if not any(page_id(link.url) == target for link in page.links):
        return None
    kind, published = _answered(page, target)
    return Mention(domain, kind, optional_moment(published, now))


def _answered(page: HtmlPage, target: str) -> tuple[ReactionKind, str]:
    """How the first entry that answers the target does so, and its date as written."""
    for entry in page.entries:
        for kind, address in entry.answers:
            if page_id(address) == target:
                return kind, entry.published
    only = page.entries[0].published if len(page.entries) == 1 else ""
    return ReactionKind.MENTION, only


def _texts(value: object) -> Iterator[str]:
    """Every address in a JSON value."""
    waiting, seen = [value], 0
    while waiting and seen < _MAX_VALUES:
        seen += 1
        inner = waiting.pop()
        if isinstance(inner, str):
            yield absolute(inner, "")
        elif isinstance(inner, dict):
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)
