"""A door onto loopback servers that behave badly."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from networks.http import Door
from tests.networks.edge.internet import Internet
from tests.networks.edge.servers import Say, Server, serving


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start a server that says this; all are stopped at the end."""
    with ExitStack() as stack:

        def start(say: Say, tls: ssl.SSLContext | None = None) -> Server:
            return stack.enter_context(serving(say, tls))

        yield start


@pytest.fixture
def door_to() -> Callable[..., Door]:
    """A door with a short deadline that may speak to these servers and no others."""

    def build(*servers: Server, **options) -> Door:
        settings = {"deadline": 0.5, "max_bytes": 10_000} | options
        return Door(frozenset(server.authority for server in servers), **settings)

    return build


@pytest.fixture
def internet() -> Internet:
    return Internet()
