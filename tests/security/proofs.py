"""Where a proof of a threat stands that is not in this folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def stands(place: str, *names: str) -> None:
    """Assert that the tests of these names are in that file, so that a list of them stays true."""
    text = (ROOT / place).read_text()
    missing = [name for name in names if f"def {name}(" not in text]
    assert not missing, f"{place} has no {', '.join(missing)}"
