"""Networks in a box."""

from collections.abc import Iterator

import pytest

from tests.connectors.fake_bluesky import FakeBluesky
from tests.connectors.fake_github import FakeGitHub
from tests.connectors.fake_mastodon import FakeMastodon
from tests.connectors.fake_reddit import FakeReddit
from tests.connectors.fake_stackexchange import FakeStackExchange
from tests.connectors.fake_x import FakeX
from tests.connectors.fake_youtube import FakeYouTube


@pytest.fixture
def bluesky(now) -> Iterator[FakeBluesky]:
    """A small AT Protocol on loopback, with ada in it."""
    fake = FakeBluesky(now)
    yield fake
    fake.close()


@pytest.fixture
def mastodon(now) -> Iterator[FakeMastodon]:
    """An empty Mastodon on loopback."""
    fake = FakeMastodon(now)
    yield fake
    fake.close()


@pytest.fixture
def x(now) -> Iterator[FakeX]:
    """An empty X on loopback."""
    fake = FakeX(now)
    yield fake
    fake.close()


@pytest.fixture
def github(now) -> Iterator[FakeGitHub]:
    """A GitHub on loopback where ada has an account, and nothing else."""
    fake = FakeGitHub(now)
    yield fake
    fake.close()


@pytest.fixture
def youtube(now) -> Iterator[FakeYouTube]:
    """A YouTube on loopback where ada has a channel, and nothing else."""
    fake = FakeYouTube(now)
    yield fake
    fake.close()


@pytest.fixture
def stackexchange(now) -> Iterator[FakeStackExchange]:
    """A Stack Exchange on loopback where ada has an account, and nothing else."""
    fake = FakeStackExchange(now)
    yield fake
    fake.close()


@pytest.fixture
def reddit(now) -> Iterator[FakeReddit]:
    """A Reddit on loopback where ada has an account, and nothing else."""
    fake = FakeReddit(now)
    yield fake
    fake.close()
