"""From a feed to posts: RSS and Atom by feedparser, JSON Feed by hand. Pure.

libxml2 reads the XML first, mends it, opens nothing outside, and cuts what is too much; feedparser
then gets clean XML, for which its strict reader is quick (its reader for broken feeds takes minutes
over a megabyte of open tags).
"""

import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from html.entities import html5
from time import struct_time
from typing import Any

import feedparser
from lxml import etree

from networks import strict_json
from networks.connectors.base import OutreachKind, Person, SeenOutreach, SeenPost, Transient
from networks.connectors.blog.addresses import Site, absolute, digest, domain_of, page_id
from networks.connectors.blog.html_pages import read_html
from networks.connectors.fields import (
    MAX_LINK_LENGTH,
    Unreadable,
    each,
    excerpt,
    items,
    mapping,
    moment,
)
from networks.connectors.tags import MAX_TAGS, tags

MAX_ENTRIES = 500
MAX_OUTREACH_PER_POST = 20
_MAX_ELEMENTS = 50_000
_MAX_CONTENT = 100_000
# What feedparser raises where elements stand in each other that never do in a feed.
_STUMBLES = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_MAX_MENDED = 1_500_000
# An & that begins nothing that XML knows, with the name after it.
_STRAY = re.compile(
    rb"&(?!(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)?"
)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    """One entry. `at` is None where the feed has no date for it that can be believed.

    `key` tells it from others while it has no date.
    """

    key: str
    link: str
    excerpt: str
    tags: tuple[str, ...]
    at: datetime | None
    links: tuple[str, ...]


@dataclass(frozen=True)
class Feed:
    """What was read of a feed, and how many entries did not parse."""

    entries: tuple[Written, ...]
    set_aside: int


def parse_feed(body: bytes, url: str, now: datetime) -> Feed:
    """The first 500 entries of a feed. Raises Transient (garbage) where it is none."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body, url, now)
    return _xml_feed(body, url, now)


def post_of(entry: Written, site: Site, at: datetime) -> SeenPost:
    """The link is kept only where it leads to the member's own site."""
    is_own = bool(entry.link) and site.holds(entry.link)
    link = entry.link if is_own and len(entry.link) <= MAX_LINK_LENGTH else ""
    remote_id = page_id(entry.link) if is_own else f"entry:{entry.key}"
    return SeenPost(remote_id, link, entry.excerpt, entry.tags, at)


def outreach_of(entry: Written, site: Site, at: datetime) -> list[SeenOutreach]:
    """Whom a post links to, each domain once, at most 20 of them."""
    mine = domain_of(f"https://{site.name}")
    acts: dict[str, SeenOutreach] = {}
    for link in entry.links:
        domain = domain_of(link)
        if domain and domain not in (mine, site.host) and domain not in acts:
            acts[domain] = SeenOutreach(
                key=f"link:{entry.key}:{digest(domain)}",
                kind=OutreachKind.MENTION,
                target=person_at(domain),
                happened_at=at,
                url=link if len(link) <= MAX_LINK_LENGTH else "",
            )
        if len(acts) == MAX_OUTREACH_PER_POST:
            break
    return list(acts.values())


def person_at(domain: str) -> Person:
    """Whoever has a domain. There is no profile to look at."""
    return Person(domain, domain, domain, url=f"https://{domain}/")


# --- XML ------------------------------------------------------------------------------------------


def _xml_feed(body: bytes, url: str, now: datetime) -> Feed:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    mended = io.BytesIO(_mended(body))
    try:
        found = feedparser.parse(
            mended, response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except _STUMBLES as error:
        raise Transient(f"feedparser stumbled: {type(error).__name__}", code="garbage") from error
    entries, set_aside = each(found.entries, lambda entry: _xml_entry(entry, url, now))
    return Feed(tuple(entries), set_aside)


def _mended(body: bytes) -> bytes:
    """The feed as well-formed XML of bounded size, without DTD, comments and outer entities."""
    if not body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        body = body.replace(b"\x00", b"")
    root = _root(body, recover=False)
    if root is None:
        # libxml2 loses `&lt;` after its first error, so the most frequent errors go before.
        root = _root(_STRAY.sub(_entity, body)[:_MAX_MENDED], recover=True)
    if root is None or _local(root) not in ("rss", "feed", "rdf"):
        raise Transient("not XML, or XML that is no feed", code="garbage")
    _cut(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _root(body: bytes, *, recover: bool) -> Any:
    parser = etree.XMLParser(
        recover=recover,
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError, LookupError):
        return None


def _entity(found: re.Match[bytes]) -> bytes:
    """What HTML knows by name and XML does not, by number; any other & as itself."""
    name = (found[1] or b"").decode("ascii")
    meant = html5.get(name, "")
    if not meant:
        return b"&amp;" + name.encode("ascii")
    return "".join(f"&#{ord(character)};" for character in meant).encode("ascii")


def _cut(root: Any) -> None:
    """Leave the first 500 entries, fewer where they are made of very many elements."""
    entries = list(root.iter("{*}item", "{*}entry"))
    elements = 0
    for number, entry in enumerate(entries):
        elements += sum(1 for _ in entry.iter())
        if number >= MAX_ENTRIES or elements > _MAX_ELEMENTS:
            parent = entry.getparent()
            if parent is not None:
                parent.remove(entry)


def _local(node: Any) -> str:
    """Its name without the namespace, also where libxml2 mended something into what is none."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _xml_entry(value: Any, url: str, now: datetime) -> Written:
    # As a plain dict: feedparser's own warns of old spellings whenever one is asked for.
    entry = dict(value)
    contents = entry.get("content") or [entry.get("summary_detail")]
    categories = (tag.get("term") for tag in entry.get("tags") or ())
    return _written(
        guid=entry.get("id"),
        link=absolute(entry.get("link"), url),
        title=_marked_up(entry.get("title_detail")),
        body=_marked_up(contents[0]),
        categories=categories,
        at=_from_struct(entry.get("published_parsed") or entry.get("updated_parsed"), now),
    )


def _marked_up(detail: Any) -> str:
    """A text of a feed as HTML, whichever of the two it is said to be."""
    if not isinstance(detail, Mapping) or not isinstance(detail.get("value"), str):
        return ""
    value = detail["value"][:_MAX_CONTENT]
    return escape(value) if detail.get("type") == "text/plain" else value


def _from_struct(parsed: struct_time | None, now: datetime) -> datetime | None:
    """A date that feedparser understood, never ahead; None if there is none or it is absurd."""
    if parsed is None:
        return None
    try:
        found = datetime(*parsed[:6], tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return None if found < _EARLIEST else min(found, now)


# --- JSON Feed (https://www.jsonfeed.org/version/1.1/) --------------------------------------------


def _json_feed(body: bytes, url: str, now: datetime) -> Feed:
    try:
        feed = mapping(strict_json.parse(body))
    except (strict_json.NotStrictJson, Unreadable) as error:
        raise Transient("not strict JSON", code="garbage") from error
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/"):
        raise Transient("JSON, but no feed", code="garbage")
    found = items(feed.get("items"), MAX_ENTRIES)
    entries, set_aside = each(found, lambda item: _json_entry(item, url, now))
    return Feed(tuple(entries), set_aside)


def _json_entry(value: object, url: str, now: datetime) -> Written:
    item = mapping(value)
    body = item.get("content_html") or escape(_text(item.get("content_text")))
    dated, _ = each(
        [item.get("date_published"), item.get("date_modified")], lambda said: moment(said, now)
    )
    return _written(
        guid=item.get("id"),
        link=absolute(item.get("url"), url),
        title=escape(_text(item.get("title"))),
        body=_text(body) or escape(_text(item.get("summary"))),
        categories=items(item.get("tags"), MAX_TAGS),
        at=dated[0] if dated else None,
        more=(absolute(item.get("external_url"), url),),
    )


def _text(value: object) -> str:
    return value[:_MAX_CONTENT] if isinstance(value, str) else ""


# --- Both -----------------------------------------------------------------------------------------


def _written(
    *,
    guid: object,
    link: str,
    title: str,
    body: str,
    categories: Iterable[object],
    at: datetime | None,
    more: tuple[str, ...] = (),
) -> Written:
    name = guid if isinstance(guid, str) and guid.strip() else link
    if not name:
        raise Unreadable("neither an id nor a link")
    page = read_html(body.encode("utf-8", "replace"), link, "text/html; charset=utf-8")
    leads_to = [found.url for found in page.links if found.tag == "a"]
    return Written(
        key=digest(name),
        link=link,
        excerpt=excerpt(f"<p>{title}</p> {body}"),
        tags=tags(categories),
        at=at,
        links=tuple(found for found in (link, *more, *leads_to) if found),
    )
