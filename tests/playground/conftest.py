"""These tests write, follow and send nonsense: they have a network of their own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.playground_server import Playground, start_playground


@pytest.fixture(scope="package")
def playground_process() -> Iterator[Playground]:
    with tempfile.TemporaryDirectory() as folder:
        server = start_playground(Path(folder))
        yield server
        server.stop()
