"""Pages about security: every test they name exists, and no requirement or threat is left out."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASVS = (ROOT / "docs/security/asvs.md").read_text()
# How many requirements of levels 1 and 2 each chapter has in ASVS 5.0.0.
CHAPTERS = {"6": 35, "7": 18, "8": 7, "9": 7, "10": 29}


def rows() -> dict[str, tuple[str, str]]:
    """Requirement: (state, how)."""
    found: dict[str, tuple[str, str]] = {}
    for numbers, state, how in re.findall(
        r"^\| ([\d., ]+) \| [^|]+ \| ([^|]+) \| (.+) \|$", ASVS, re.MULTILINE
    ):
        for number in re.findall(r"\d+\.\d+\.\d+", numbers):
            assert number not in found, number
            found[number] = (state, how)
    return found


def test_no_requirement_of_the_five_chapters_is_left_out() -> None:
    assert Counter(number.partition(".")[0] for number in rows()) == CHAPTERS


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", ASVS)
    assert len(named) > 60
    for path, name in named:
        file = ROOT / path
        assert file.exists(), path
        assert f"def {name}(" in file.read_text() or not name, f"{path}::{name}"


def test_what_is_met_names_its_test_or_says_where_it_is_written() -> None:
    states = {state for state, _ in rows().values()}
    assert states <= {"met", "partly", "not met", "does not arise"}
    without = {n for n, (state, how) in rows().items() if state == "met" and "`tests/" not in how}
    # Written down on the page itself, or the absence of a thing.
    assert without == {"6.2.10", "6.2.11", "6.4.2", "7.1.1"}


def test_every_threat_has_its_file_and_its_line() -> None:
    page = (ROOT / "docs/security/threats.md").read_text()
    lines = re.findall(r"^\| (\d+) \|.*`test_(\d\d)_[\w*]*", page, re.MULTILINE)
    assert [int(number) for number, _ in lines] == list(range(1, 28))
    assert all(int(number) == int(file) for number, file in lines)
    files = {path.name[5:7] for path in (ROOT / "tests/security").glob("test_*.py")}
    belong_to_reliability = {"12", "13", "16", "21", "22"}
    assert {f"{n:02}" for n in range(1, 28)} - files <= belong_to_reliability
