"""Every test here may use a scripted server instead of a network."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from networks.registry import PLATFORMS
from tests.networks.scripted import SERVERS, Server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Server]:
    """The server known.example, spoken to by the scripted connector."""
    path = "tests.networks.scripted.ScriptedConnector"
    monkeypatch.setitem(PLATFORMS, "mastodon", replace(PLATFORMS["mastodon"], connector=path))
    settings.KNOWN_HOSTS = ["known.example"]
    SERVERS["known.example"] = Server()
    yield SERVERS["known.example"]
    SERVERS.clear()
