"""Whatever a site sends: no crash, nothing that cannot be stored, and no page that takes for ever.

How much work a page makes is told by what is counted (events, entries), never by the clock.
"""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.connectors.base import ConnectorError, Page, Transient
from networks.connectors.blog import html_pages
from networks.connectors.blog.addresses import (
    absolute,
    domain_of,
    page_id,
    site_of,
    typed_address,
)
from networks.connectors.blog.feed import MAX_ENTRIES, outreach_of, parse_feed, post_of
from networks.connectors.blog.html_pages import read_html
from networks.connectors.blog.mention import _on_page
from networks.connectors.blog.reading import Mark
from networks.http import Answer
from tests.connectors.contract import assert_storable

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
URL = "https://ada.example/feed"
SITE = site_of("https://ada.example/")

TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
PIECES = st.lists(
    st.sampled_from(
        [
            "<item>",
            "</item>",
            "<entry>",
            "</entry>",
            "<title>",
            "</title>",
            "<link>",
            "</link>",
            "<link href='p'/>",
            "<guid>1</guid>",
            "<pubDate>",
            "Mon, 01 Jun 2026 10:00:00 +9999",
            "<updated>2026-13-45T99:99:99Z</updated>",
            "<content type='xhtml'>",
            "</content>",
            "<![CDATA[",
            "]]>",
            "&nbsp;",
            "&",
            "&#0;",
            "&#xD800;",
            "&#x202e;",
            "<",
            ">",
            "<!--",
            "-->",
            "<category>",
            "</category>",
            "https://grace.example/",
            "javascript:x",
            "\x00",
            "\u202e",
            "<a href='//[::1'>",
            "xml:base='//'",
        ]
    )
    | TEXT,
    max_size=40,
).map("".join)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<div class='h-entry'>",
            "<div class='h-cite u-in-reply-to'>",
            "</div>",
            "<p>",
            "<a class='u-like-of u-url' href='https://ada.example/tea'>",
            "</a>",
            "<base href='//'>",
            "<time class='dt-published' datetime='2026-99-01'>",
            "<meta name=klout-proof content='",
            "<link rel='me alternate' type='application/rss+xml' href='",
            "'>",
            "<svg>",
            "<b>",
            "<table>",
            "</table>",
            "<template>",
            "<script>",
            "</script>",
            "<!--",
            "<![CDATA[",
            "data:image/png;base64,AAAA",
            "&#x0;",
            "<title>",
        ]
    )
    | TEXT,
    max_size=40,
).map("".join)


def as_page(body: bytes) -> Page | None:
    """What would be stored of a feed; None where it is none."""
    try:
        feed = parse_feed(body, URL, NOW)
    except ConnectorError:
        return None
    return Page(
        {},
        posts=tuple(post_of(entry, SITE, entry.at or NOW) for entry in feed.entries),
        outreach=tuple(
            act for entry in feed.entries for act in outreach_of(entry, SITE, entry.at or NOW)
        ),
    )


def check(body: bytes) -> None:
    page = as_page(body)
    if page is None:
        return
    assert_storable(page, NOW)
    assert all(post.url == "" or SITE.holds(post.url) for post in page.posts)
    assert all(0 < len(post.remote_id) <= 255 for post in page.posts)


@settings(max_examples=300)
@given(st.binary(max_size=200) | PIECES.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_feed_or_none(body):
    check(body)


@settings(max_examples=400)
@given(PIECES, st.booleans())
def test_any_feed_is_read_or_set_aside(inner, is_atom):
    text = inner.encode("utf-8", "replace")
    if is_atom:
        check(b'<feed xmlns="http://www.w3.org/2005/Atom">' + text + b"</feed>")
    else:
        check(b'<rss version="2.0"><channel><item>' + text + b"</item></channel></rss>")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 2**70) | TEXT | st.just("2026-06-01T10:00:00Z"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    [
        "id",
        "url",
        "external_url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "tags",
        "date_published",
        "date_modified",
    ]
)


@settings(max_examples=300)
@given(st.lists(st.dictionaries(FIELDS, JSON, max_size=6), max_size=4) | JSON)
def test_any_json_feed_is_read_or_set_aside(items):
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    check(json.dumps(feed).encode())


@settings(max_examples=400)
@given(MARKUP)
def test_any_page_is_read(markup):
    body = f"<div class='h-entry'>{markup}".encode("utf-8", "replace")
    page = read_html(body, "https://grace.example/", "text/html")
    assert len(page.title) <= 200
    for link in page.links:
        assert link.url.startswith(("http://", "https://"))
        link.url.encode("ascii")
    answer = Answer(200, {"content-type": "text/html"}, body, "https://grace.example/")
    found = _on_page(answer, "grace.example", page_id("https://ada.example/tea"), NOW)
    assert found is None or found.said_at is None or found.said_at <= NOW


@given(TEXT, TEXT)
def test_any_text_is_an_address_or_none(text, base):
    for tried in (text, f"https://{text}", f"https://ada.example/{text}"):
        found = absolute(tried, base)
        assert found == "" or found.isascii()
        assert len(page_id(tried)) <= 255
        assert domain_of(tried) == domain_of(tried).lower()
        try:
            said = f"{typed_address(tried, ())} is found."
            assert said.startswith("https://")
        except ValueError as error:
            said = str(error)
        assert said.endswith(".")


@given(JSON)
def test_a_cursor_may_be_anything(value):
    mark = Mark.from_json(value)
    assert Mark.from_json(json.loads(json.dumps(mark.to_json()))) == mark


# --- Bombs ----------------------------------------------------------------------------------------

MEGABYTE = 990_000
BOMBS = {
    "open tags": b"<a " * (MEGABYTE // 3),
    "angles": b"<" * MEGABYTE,
    "deep": b"<div>" * (MEGABYTE // 5),
    "deep bold paragraphs": b"<b><p>" * (MEGABYTE // 6),
    "attributes": b"<a " + b" ".join(b"a%d=1" % n for n in range(MEGABYTE // 8)) + b">",
    "attributes with >": b"<a " + b" ".join(b'a%d=">"' % n for n in range(MEGABYTE // 11)) + b">",
    "many full tags": (b"<a " + b" ".join(b"%x=1" % n for n in range(1500)) + b">") * 90,
    "comments": b"<!--" * (MEGABYTE // 4),
    "quotes": b'<a href="' * (MEGABYTE // 9),
    "nested entries": b'<div class="h-entry p-a e-b">' * 3_000 + b"x" * 10_000,
    "classes": b'<p class="' + b"h-entry " * (MEGABYTE // 8) + b'">',
    "cdata": b"<![CDATA[" * (MEGABYTE // 9),
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_a_page_never_takes_for_ever(body):
    """Ended in seconds, where libxml2 alone needs minutes and mf2py longer than anybody lives."""
    page = read_html(body, "https://grace.example/")
    assert len(page.links) <= 10_000
    assert len(page.entries) <= 500


def test_reading_stops_at_a_token_that_never_ends(monkeypatch):
    fed = []
    parser = html_pages.etree.HTMLParser

    class Counting:
        def __init__(self, **fields):
            self._parser = parser(**fields)

        def feed(self, piece):
            fed.append(len(piece))
            self._parser.feed(piece)

        def close(self):
            self._parser.close()

    monkeypatch.setattr(html_pages.etree, "HTMLParser", Counting)
    read_html(BOMBS["attributes"], "https://grace.example/")
    assert sum(fed) <= 6 * 4_096


FEED_BOMBS = {
    "laughs": b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><rss version="2.0"><channel><item><title>&j;</title></item></channel></rss>',
    "a file": b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
    b"<item><guid>1</guid><title>&a;</title></item></channel></rss>",
    "items": b'<rss version="2.0"><channel>' + b"<item></item>" * (MEGABYTE // 13),
    "deep items": b'<rss version="2.0"><channel>' + b"<item>" * (MEGABYTE // 6),
    "elements": b'<rss version="2.0"><channel><item>' + b"<a></a>" * (MEGABYTE // 7),
    "ampersands": b'<rss version="2.0"><channel><item><title>' + b"&" * MEGABYTE,
    "a date": b'<rss version="2.0"><channel><item><pubDate>' + b"1 " * (MEGABYTE // 2),
    "tags in text": b'<rss version="2.0"><channel><item><description>'
    + b"&lt;a " * (MEGABYTE // 6),
    **BOMBS,
}


@pytest.mark.parametrize("body", FEED_BOMBS.values(), ids=FEED_BOMBS)
def test_a_feed_never_takes_for_ever_nor_reads_our_files(body):
    page = as_page(body)
    if page:
        assert len(page.posts) <= MAX_ENTRIES
        assert not any("root:" in post.excerpt for post in page.posts)


def test_a_namespace_with_a_brace_in_it_is_no_accident():
    body = b'<feed xmlns="ht}tp://www.w3.org/2005/Atom"><title>a</title></feed>'
    assert parse_feed(body, URL, NOW).entries == ()


@pytest.mark.parametrize(
    "inside",
    [
        "<image><link><entry>x</entry></link></image>",
        "<item><textinput><link>x</link></textinput></item>",
        "<item><image><link><channel>x</channel></link></image></item>",
        "<entry><channel><category><channel>x</channel><item>x</item></category></channel></entry>",
    ],
)
def test_a_feed_over_which_feedparser_stumbles_is_none(inside):
    with pytest.raises(Transient) as caught:
        parse_feed(f'<rss version="2.0"><channel>{inside}</channel></rss>'.encode(), URL, NOW)
    assert caught.value.code == "garbage"
