"""Networks in a box."""

from collections.abc import Iterator

import pytest

from tests.connectors.fake_mastodon import FakeMastodon


@pytest.fixture
def mastodon(now) -> Iterator[FakeMastodon]:
    """An empty Mastodon on loopback."""
    fake = FakeMastodon(now)
    yield fake
    fake.close()
