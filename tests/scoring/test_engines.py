"""The engine of one machine keeps what every engine promises."""

import pytest

from scoring.engines.duck import duck_engine
from tests.scoring.engine_promises import EnginePromises


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with duck_engine(tmp_path_factory.mktemp("engine"), "1GB") as engine:
        yield engine


class TestDuck(EnginePromises):
    pass
