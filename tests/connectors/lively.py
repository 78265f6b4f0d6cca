"""Every platform in a box with half a year behind it, by key."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.connectors.fake_blog import FORMATS, FakeBlog
from tests.connectors.fake_bluesky import FakeBluesky
from tests.connectors.fake_github import FakeGitHub
from tests.connectors.fake_mastodon import FakeMastodon
from tests.connectors.fake_reddit import FakeReddit
from tests.connectors.fake_stackexchange import FakeStackExchange
from tests.connectors.fake_x import FakeX
from tests.connectors.fake_youtube import FakeYouTube
from tests.connectors.test_blog_contract import LivelyBlog
from tests.connectors.test_bluesky_contract import LivelyBluesky
from tests.connectors.test_github_contract import LivelyGitHub
from tests.connectors.test_mastodon_contract import LivelyMastodon
from tests.connectors.test_reddit_contract import LivelyReddit
from tests.connectors.test_stackexchange_contract import LivelyStackExchange
from tests.connectors.test_x_contract import LivelyX
from tests.connectors.test_youtube_contract import LivelyYouTube

# Makes a network at a moment; what comes with it closes its server.
Lively = Callable[[datetime], tuple[Any, Callable[[], None]]]


def _lively(make: Callable[[datetime], Any], live: Callable[[Any, datetime], Any]) -> Lively:
    def build(now: datetime) -> tuple[Any, Callable[[], None]]:
        fake = make(now)
        return live(fake, now), fake.close

    return build


def _x(spelling: str) -> Lively:
    def make(now: datetime) -> FakeX:
        fake = FakeX(now)
        fake.spelling = spelling
        return fake

    return _lively(make, LivelyX)


def _blog(format: str) -> Lively:
    """A short feed: it is read whole each time."""
    return _lively(
        lambda now: FakeBlog(now, format, "/~ada/"), lambda fake, now: LivelyBlog(fake, now, 20)
    )


# Some come in several kinds.
LIVELY: Mapping[str, Sequence[Lively]] = {
    "blog": [_blog(format) for format in FORMATS],
    "bluesky": [_lively(FakeBluesky, LivelyBluesky)],
    "github": [_lively(FakeGitHub, LivelyGitHub)],
    "mastodon": [_lively(FakeMastodon, LivelyMastodon)],
    "reddit": [_lively(FakeReddit, LivelyReddit)],
    "stackexchange": [_lively(FakeStackExchange, LivelyStackExchange)],
    "x": [_x("old"), _x("new")],
    "youtube": [_lively(FakeYouTube, LivelyYouTube)],
}
