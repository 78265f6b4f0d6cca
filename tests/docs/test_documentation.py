"""Undocumented is unfinished: the docs are compared with the code."""

import re
from pathlib import Path

from tests.browser import tour

ROOT = Path(__file__).resolve().parents[2]


def names_in_first_column(page: str) -> set[str]:
    rows = re.findall(r"^\| `?([^|`]+?)`? \|", (ROOT / "docs" / page).read_text(), re.M)
    return {row for row in rows if row not in {"Package", "Variable", "---"}}


def variables_read_by(path: Path) -> set[str]:
    return set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z][A-Z0-9_]+)\"", path.read_text()))


def test_every_variable_that_the_settings_read_is_documented_and_no_other():
    documented = names_in_first_column("configuration.md")
    settings = ("settings.py", "platform_settings.py")
    read = {name for one in settings for name in variables_read_by(ROOT / "klout" / one)}
    assert read - documented == set()
    elsewhere = {name for name in documented - read if not is_read_outside_the_settings(name)}
    assert elsewhere == set()


def is_read_outside_the_settings(name: str) -> bool:
    """PORT, DEMO and their like are read by the Makefile, the supervisor or the playground."""
    places = [
        ROOT / "Makefile",
        *(path for path in (ROOT / "scripts").iterdir() if path.is_file()),
        ROOT / "tests" / "conftest.py",
        ROOT / "tests" / "browser" / "conftest.py",
        *(ROOT / "tests" / "gifting").glob("test_*.py"),
        *(ROOT / "klout").rglob("*.py"),
        ROOT / "accounts" / "management" / "commands" / "make_admin.py",
        *ROOT.glob("playground/*.py"),
    ]
    return any(re.search(rf"\b{name}\b", place.read_text()) for place in places)


def test_every_package_that_we_ask_for_has_its_reason():
    asked = set()
    for source in ROOT.glob("requirements*.in"):
        for line in source.read_text().splitlines():
            if line and not line.startswith(("#", "-")):
                asked.add(re.split(r"[=<>;~ ]", line)[0])
    assert names_in_first_column("dependencies.md") == asked


def test_the_tour_shows_every_picture_and_they_are_small() -> None:
    shown = re.findall(r"\]\(img/([a-z-]+\.webp)\)", (ROOT / "docs/tour.md").read_text())
    kept = list((ROOT / "docs/img").iterdir())
    assert sorted(shown) == sorted(picture.name for picture in kept)
    named = {**tour.TOUR, **tour.IN_THE_HAND, **tour.FOR_VISITORS}
    assert sorted(shown) == sorted(f"{name}.webp" for name in named)
    assert sum(picture.stat().st_size for picture in kept) < 2_000_000
