"""Every platform in a box with half a year behind it, by key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.connectors.fake_github import FakeGitHub
from tests.connectors.fake_mastodon import FakeMastodon
from tests.connectors.fake_reddit import FakeReddit
from tests.connectors.fake_stackexchange import FakeStackExchange
from tests.connectors.test_github_contract import LivelyGitHub
from tests.connectors.test_mastodon_contract import LivelyMastodon
from tests.connectors.test_reddit_contract import LivelyReddit
from tests.connectors.test_stackexchange_contract import LivelyStackExchange

# Makes a network at a moment; what comes with it closes its server.
Lively = Callable[[datetime], tuple[Any, Callable[[], None]]]


def _lively(make: Callable[[datetime], Any], live: Callable[[Any, datetime], Any]) -> Lively:
    def build(now: datetime) -> tuple[Any, Callable[[], None]]:
        fake = make(now)
        return live(fake, now), fake.close

    return build


LIVELY: dict[str, Lively] = {
    "github": _lively(FakeGitHub, LivelyGitHub),
    "mastodon": _lively(FakeMastodon, LivelyMastodon),
    "reddit": _lively(FakeReddit, LivelyReddit),
    "stackexchange": _lively(FakeStackExchange, LivelyStackExchange),
}
