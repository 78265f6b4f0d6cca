"""People and things every test may ask for: ada (member), grace (friend), mallory (stranger)."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("RESPONDER_KEY", "only-for-tests")
os.environ.setdefault("CREDENTIAL_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")

from datetime import UTC, datetime

import pytest

from accounts.models import Member

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


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
