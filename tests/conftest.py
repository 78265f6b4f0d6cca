"""People and things every test may ask for: ada (member), grace (friend), mallory (stranger)."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.models import Member

WITHOUT_DATA = "not run: no data"
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def eval_data() -> Path:
    """The data sets for evaluation (KLOUT_EVAL_DATA); they are no part of the project."""
    if not os.environ.get("KLOUT_EVAL_DATA"):
        pytest.skip(WITHOUT_DATA)
    return Path(os.environ["KLOUT_EVAL_DATA"])


@pytest.fixture
def now() -> datetime:
    """A fixed moment, a Monday noon in UTC; pass it wherever a clock is wanted."""
    return NOW


@pytest.fixture
def ada(db: None) -> Member:
    return Member.objects.create_user("ada@example.com", "correct horse 1", name="Ada Lind")


@pytest.fixture
def grace(db: None) -> Member:
    return Member.objects.create_user("grace@example.com", "correct horse 2", name="Grace Oduya")


@pytest.fixture
def mallory(db: None) -> Member:
    return Member.objects.create_user("mallory@example.com", "correct horse 3", name="Mallory Vex")
