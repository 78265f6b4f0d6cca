"""What the style sheets promise, so that its colours are looked at once in each scheme."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
A_COLOUR = re.compile(r"[;{\s](color|background(-color)?|fill|opacity|filter)\s*:")


def for_widths(sheet: str) -> list[str]:
    """What stands within `@media (max-width: ...)` and its kin."""
    found = []
    for start in re.finditer(r"@media[^{]*width[^{]*\{", sheet):
        end, depth = start.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        found.append(sheet[start.end() : end])
    return found


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_no_colour_follows_the_width(path: Path) -> None:
    for block in for_widths(path.read_text()):
        assert not A_COLOUR.search(block), block


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_only_colours_follow_the_scheme(path: Path) -> None:
    """They do so in one place: by `light-dark()` in tokens.css."""
    assert "prefers-color-scheme" not in path.read_text()


def test_the_check_finds_a_colour() -> None:
    assert A_COLOUR.search(for_widths("@media (max-width: 9rem) { .a { color: red; } }")[0])
