"""The layout follows the writing: what stands at the start of a line says so, not on which side."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted((Path(settings.BASE_DIR) / "static/css").glob("*.css"))
ONE_SIDE = re.compile(
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|text-align:\s*(?:left|right)|(?:float|clear):\s*(?:left|right)"
    r"|(?<![\w-])(?:left|right):"
)
FOUR_SIDES = re.compile(
    r"(?:margin|padding|inset|border-width):\s*((?:[^\s;}()]+\s+){3}[^\s;}()]+)"
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_is_on_the_left_or_on_the_right(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    found = ONE_SIDE.findall(css)
    for sides in FOUR_SIDES.findall(css):
        _top, right, _bottom, left = sides.split()
        if right != left:
            found.append(sides)
    assert found == []
