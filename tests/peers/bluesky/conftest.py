"""The reference network of the AT Protocol, started once, and a browser to give consent with."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import browser, live, new_page, page, signed_in, snapshot  # noqa: F401
from tests.peers.bluesky.network import Network, running


@pytest.fixture(scope="session")
def reference() -> Iterator[Network]:
    with running() as network:
        yield network


@pytest.fixture
def network(reference: Network, settings) -> Network:
    """The network, and the product told to use it."""
    settings.DEVELOPMENT_HOSTS = reference.hosts
    settings.PLATFORM_OPTIONS = {
        "bluesky": {
            "plc_url": reference.plc,
            "appview_url": reference.appview,
            "appview_did": reference.appview_did,
        }
    }
    return reference
