"""Networks in a box."""

from collections.abc import Iterator

import pytest

from tests.connectors.fake_bluesky import FakeBluesky
from tests.connectors.fake_mastodon import FakeMastodon


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
