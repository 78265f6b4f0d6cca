"""The blog connector: a page that shows whose it is, and the feed that it names."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from language import gettext as _
from networks.connectors.base import (
    ConnectorError,
    Credentials,
    Cursor,
    Destination,
    Identity,
    Page,
    Permanent,
    Setup,
    Transient,
)
from networks.connectors.blog.about import SEEN_BY_US
from networks.connectors.blog.addresses import domain_of, page_id, site_of, typed_address
from networks.connectors.blog.feed import parse_feed, person_at
from networks.connectors.blog.html_pages import HtmlPage, Link, read_html
from networks.connectors.blog.reading import Mark, Run, fetch_feed
from networks.connectors.own_words import OwnWords
from networks.connectors.proof import Claim, Look
from networks.http import Answer, Door

MAX_PAGES = 20
PROOF_NAME = "klout-proof"
PROOF_FILE = "/.well-known/klout-proof.txt"
_HTML = "text/html, application/xhtml+xml"
_FEED_KINDS = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
)
# Software writes these on links that visitors put into a page.
_BY_VISITORS = frozenset({"nofollow", "ugc", "sponsored"})


class BlogConnector:
    """Keeps the contract `ProofConnector`. Credentials hold no secret, only what is where."""

    def __init__(self, door: Door, setup: Setup) -> None:
        self._door = door
        self._setup = setup

    def find(self, typed: str) -> Destination:
        """`login` is the address to look at."""
        address = typed_address(typed, self._door.development_hosts)
        return Destination(site_of(address).host, address)

    def look(self, address: str) -> Look:
        """What stands on the page there, wherever its server leads us."""
        answer = self._page(address)
        try:
            site = site_of(answer.url)
        except ValueError as error:
            raise Permanent("too long for a site", code="site_gone") from error
        page = read_html(answer.body, answer.url, answer.headers.get("content-type", ""))
        # The address of a site has no query: two members could tell one page apart by it.
        url = answer.url.partition("?")[0]
        person = replace(
            person_at(domain_of(answer.url) or site.host),
            handle=site.name,
            name=page.title,
            url=url,
        )
        return Look(
            Identity(site.name, person, SEEN_BY_US),
            host=site.host,
            address=url,
            feeds=tuple(dict.fromkeys(link.url for link in page.links if _is_feed(link)))[:10],
            claims=_claims(page),
        )

    def proof(self, look: Look, claim: Claim) -> str:
        """Where the claim stands: `link`, `line` or `file`; "" where nowhere."""
        if page_id(claim.address) in {page_id(found) for found in look.claims}:
            return "link"
        if claim.token in look.claims:
            return "line"
        return "file" if self._file_says(look, claim.token) else ""

    def credentials(self, look: Look, now: datetime) -> Credentials:
        """What reading needs, once the first feed of the page turns out to be one.

        Raises Permanent (no_feed) where none of them is.
        """
        for feed in look.feeds[:3]:
            try:
                answer = fetch_feed(self._door, feed, {})
                parse_feed(answer.body, answer.url, now)
            except (Permanent, Transient) as error:
                if error.code in ("feed_gone", "garbage"):
                    continue
                raise
            person = look.identity.person
            kept = {"address": look.address, "feed": feed, "name": person.name}
            return Credentials("", extra={**kept, "domain": person.key})
        raise Permanent("no feed on the page", code="no_feed")

    def identify(self, host: str, credentials: Credentials) -> Identity:
        """As the page was when it was last looked at; nothing is asked for."""
        kept = credentials.extra
        site = site_of(kept["address"])
        person = replace(
            person_at(kept["domain"]), handle=site.name, name=kept["name"], url=kept["address"]
        )
        return Identity(site.name, person, SEEN_BY_US)

    def read(
        self,
        host: str,
        credentials: Credentials,
        cursor: Cursor,
        *,
        since: datetime,
        now: datetime,
        allowance: int | None = None,
    ) -> Iterator[Page]:
        mark = Mark.from_json(cursor)
        answer, mark = self._feed(credentials, mark)
        site = site_of(credentials.extra["address"])
        run = Run(site, self.identify(host, credentials), mark, since, now)
        if answer.status == 304:
            yield run.nothing_new()
            return
        yield from islice(run.pages(answer), MAX_PAGES)

    def named(self, typed: str) -> str:
        """The front page of a whole domain: reactions from its pages are all one person's."""
        address = typed_address(typed, self._door.development_hosts)
        domain, host = domain_of(address), site_of(address).host
        if host != domain:
            raise ValueError(
                _(
                    "All pages of {domain} count as one here, so the code has to stand on its "
                    "front page. Please type {domain}."
                ).format(domain=domain or host)
            )
        scheme, _between, rest = address.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}/"

    def own_words(self, named: str) -> OwnWords:
        """The meta lines of the front page, and the text file at the root."""
        answer = self._page(named)
        domain = domain_of(answer.url)
        if not domain or domain != domain_of(named):
            raise Permanent("the front page is elsewhere", code="no_such_profile")
        page = read_html(answer.body, answer.url, answer.headers.get("content-type", ""))
        said = tuple(content for name, content in page.metas if name == PROOF_NAME)
        return OwnWords(person_at(domain), (*said, self._file_at(named)))

    def _feed(self, credentials: Credentials, mark: Mark) -> tuple[Answer, Mark]:
        """The feed, where it was last; where it is gone, the one that the page names now."""
        known = mark.feed or credentials.extra["feed"]
        try:
            return fetch_feed(self._door, known, mark.conditions()), mark
        except Permanent:
            named = self.look(credentials.extra["address"]).feeds
            moved = next((feed for feed in named if feed != known), "")
            if not moved:
                raise
        mark = replace(mark, feed=moved, etag="", modified="", of="", done=0)
        return fetch_feed(self._door, moved, {}), mark

    def _page(self, address: str) -> Answer:
        """Raises Permanent (site_gone, not_a_page), Transient."""
        answer = self._door.get(address, headers={"Accept": _HTML})
        if answer.status in (404, 410):
            raise Permanent(f"the page answered {answer.status}", code="site_gone")
        if answer.status != 200:
            raise Transient(f"the page answered {answer.status}", code="server_error")
        kind = answer.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
        if kind not in ("text/html", "application/xhtml+xml", ""):
            raise Permanent(f"the page is {kind[:80]}", code="not_a_page")
        return answer

    def _file_says(self, look: Look, token: str) -> bool:
        """A file at the root of the host speaks for every site on it; the token names which."""
        return token in self._file_at(look.address).split()

    def _file_at(self, address: str) -> str:
        """The words in the text file of the host; "" where there is none."""
        scheme, _between, rest = address.partition("://")
        authority = rest.partition("/")[0]
        try:
            answer = self._door.get(f"{scheme}://{authority}{PROOF_FILE}")
        except ConnectorError:
            return ""
        if answer.status != 200:
            return ""
        return answer.body[:10_000].decode("ascii", "replace")


def _claims(page: HtmlPage) -> frozenset[str]:
    """What on a page may show whose it is: where its rel=me links lead, and its meta tags."""
    mine = (link for link in page.links if "me" in link.rels and not link.rels & _BY_VISITORS)
    said = (content for name, content in page.metas if name == PROOF_NAME)
    return frozenset([*(link.url for link in mine if link.tag in ("a", "link", "area")), *said])


def _is_feed(link: Link) -> bool:
    """A feed of the page itself; feeds of comments are somebody else's words."""
    is_comments = "comment" in f"{link.url} {link.title}".lower()
    return "alternate" in link.rels and link.kind in _FEED_KINDS and not is_comments
