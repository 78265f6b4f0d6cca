"""People and things every test may ask for: ada (member), grace (friend), mallory (stranger)."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from accounts.models import Member

pytest_plugins = ["tests.playground_server"]

WITHOUT_DATA = "not run: no data"
# The same examples in every run, however busy the machine is.
hypothesis_settings.register_profile("klout", derandomize=True, deadline=None)
hypothesis_settings.load_profile("klout")

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_counters(settings: Any) -> None:
    """Each test counts its own sign-in attempts, in memory."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(uuid4())}}


@pytest.fixture(autouse=True)
def own_day_files(settings: Any, tmp_path: Path) -> None:
    """Each test has day files of its own, as it has rows of its own."""
    settings.DAY_FILES = str(tmp_path / "day-files")
    settings.DAY_FILES_WORK = tmp_path / "day-files-work"
    settings.NIGHT_WORK = tmp_path / "night-work"


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    """A test begins in English, whatever language the last request of another was in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """A password hash worth having takes half a second, which tests have many times over."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
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
