"""Each measurement brings a database of its own: what one writes is in nobody else's way."""

import pytest


@pytest.fixture(autouse=True)
def no_database_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
