"""The contract, kept by the blog connector against a small site over real HTTP."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from networks.connectors.base import ConnectorError, Permanent, Setup, Transient
from networks.connectors.blog import BlogConnector
from networks.connectors.proof import Claim
from networks.http import Door
from tests.connectors.contract import ProofContract, TroubleContract, keys, link, read_all
from tests.connectors.fake_blog import Answer, FakeBlog

CLAIM = Claim("https://klout.example/me/c0ffee/", "5f" * 16)


class LivelyBlog:
    """Half a year of posts, one `every` so many days; as a rule more than one page of reading."""

    reads = frozenset({"posts", "outreach"})
    follows_redirects = True
    claim = CLAIM

    def __init__(self, fake: FakeBlog, now: datetime, every: int = 1) -> None:
        self.fake = fake
        self.now = now
        self.host = fake.host
        self.typed = f"{fake.host}{fake.path.rstrip('/')}"
        self.connector = BlogConnector(Door(frozenset({fake.host})), Setup())
        for day in range(230, 0, -every):
            friend = f'<a href="https://friend{day % 7}.example/post">as said</a>'
            fake.write(day, f"Day {day}", f"<p>I think, {friend}.</p>", tags=("Sea",))

    def put_line(self) -> None:
        self.fake.head.append(f'<link rel="me" href="{self.claim.address}">')

    def put_file(self) -> None:
        self.fake.put("/.well-known/klout-proof.txt", f"{self.claim.token}\n", "text/plain")

    def take_line(self) -> None:
        self.fake.head.clear()
        self.fake.answers.clear()

    def put_line_of_somebody_else(self) -> None:
        self.fake.head.append('<link rel="me" href="https://klout.example/me/0ff1ce/">')
        self.fake.head.append(f'<meta name="klout-proof" content="{"6e" * 16}">')
        self.fake.put("/.well-known/klout-proof.txt", "6e" * 16, "text/plain")

    def something_happens(self) -> None:
        self.fake.write(0, "News")

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.fake.answers[self.fake.feed_path] = Answer(body, status, headers)


@pytest.fixture(params=["rss", "atom", "json"])
def fake(request, now) -> Iterator[FakeBlog]:
    blog = FakeBlog(now, request.param, "/~ada/")
    yield blog
    blog.close()


@pytest.fixture
def network(fake: FakeBlog, now: datetime) -> LivelyBlog:
    return LivelyBlog(fake, now)


class TestBlog(ProofContract, TroubleContract):
    """Each of the three formats of feeds."""


def test_a_feed_that_is_not_changed_is_not_read_again(network: LivelyBlog):
    _, credentials = link(network)
    cursor = read_all(network, credentials)[-1].cursor
    assert not any(keys(read_all(network, credentials, cursor)).values())
    path, headers = network.fake.asked[-1]
    assert path == network.fake.feed_path
    assert headers["If-None-Match"]


def test_a_feed_that_moved_is_followed(network: LivelyBlog):
    _, credentials = link(network)
    body = network.fake.put("/new", network.fake._json(), "application/json")
    network.fake.move(network.fake.feed_path, body)
    assert keys(read_all(network, credentials))["posts"]


def test_a_feed_that_is_gone_is_looked_for_in_the_page(network: LivelyBlog):
    _, credentials = link(network)
    network.fake.feed_path = "/~ada/other"
    pages = read_all(network, credentials)
    assert keys(pages)["posts"]
    assert pages[-1].cursor["feed"].endswith("/~ada/other")


def test_a_feed_that_vanished_is_said_to_be_gone(network: LivelyBlog):
    _, credentials = link(network)
    network.fake.answers[network.fake.feed_path] = Answer(b"", 410)
    with pytest.raises(Permanent) as caught:
        read_all(network, credentials)
    assert caught.value.code == "feed_gone"


def test_a_feed_of_five_megabytes_is_too_large(network: LivelyBlog):
    _, credentials = link(network)
    network.answer_reading_with(200, {"Content-Type": "text/xml"}, b"<rss>" + b" " * 5_000_000)
    with pytest.raises(Transient) as caught:
        read_all(network, credentials)
    assert caught.value.code == "too_large"


def test_an_entry_without_a_date_counts_from_when_we_first_see_it(network: LivelyBlog):
    _, credentials = link(network)
    network.fake.entries.clear()
    network.fake.write(None, "Old and without a date")
    pages = read_all(network, credentials)
    assert not keys(pages)["posts"]
    assert sum(page.set_aside for page in pages) == 1
    network.fake.write(None, "New and without a date")
    (post,) = (p for page in read_all(network, credentials, pages[-1].cursor) for p in page.posts)
    assert post.posted_at == network.now
    assert post.excerpt == "New and without a date Hi"


def test_a_date_ahead_is_now(network: LivelyBlog):
    _, credentials = link(network)
    network.fake.entries.clear()
    network.fake.write(-400, "From the future")
    (post,) = (post for page in read_all(network, credentials) for post in page.posts)
    assert post.posted_at == network.now


def test_a_post_elsewhere_keeps_no_link_and_counts_as_reaching_out(network: LivelyBlog):
    _, credentials = link(network)
    network.fake.entries[:] = []
    network.fake.write(1, "A find", "<p>see</p>")
    network.fake.entries[0].slug = "https://grace.example/tea"
    (page,) = (page for page in read_all(network, credentials) if page.posts)
    assert page.posts[0].url == ""
    assert [act.target.key for act in page.outreach] == ["grace.example"]


@pytest.mark.parametrize(
    ("line", "shows"),
    [
        ('<a rel="me" href="{address}">me</a>', "link"),
        ('<a rel="ME external" href="{address}">me</a>', "link"),
        ('<a rel="me nofollow ugc" href="{address}">from a comment</a>', ""),
        ('<a href="{address}">no rel</a>', ""),
        ('<a rel="me" href="{address}more/">another</a>', ""),
        ('<meta name="Klout-Proof" content=" {token} ">', "line"),
        ("<p>{token}</p>", ""),
        ('<!-- <link rel="me" href="{address}"> -->', ""),
        ('<script>"<link rel=me href={address}>"</script>', ""),
    ],
)
def test_what_shows_whose_a_page_is(network: LivelyBlog, line, shows):
    network.fake.head.append(line.format(address=CLAIM.address, token=CLAIM.token))
    look = network.connector.look(network.connector.find(network.typed).login)
    assert network.connector.proof(look, CLAIM) == shows


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (404, "text/html", "site_gone"),
        (200, "application/rss+xml", "not_a_page"),
        (503, "text/html", "server_error"),
    ],
)
def test_a_page_that_is_none_is_said_to_be_none(network: LivelyBlog, status, kind, code):
    network.fake.put("/~ada", b"<rss/>", kind, status)
    with pytest.raises(ConnectorError) as caught:
        network.connector.look(network.connector.find(network.typed).login)
    assert caught.value.code == code


def test_two_sites_on_one_host_are_two(network: LivelyBlog, now):
    bo = network.fake.put("/~bo/", "<title>Bo</title>")
    ids = {
        network.connector.look(network.connector.find(address).login).identity.remote_id
        for address in (bo, network.typed)
    }
    assert len(ids) == 2
