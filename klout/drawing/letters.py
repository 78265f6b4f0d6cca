"""Our fonts for drawing: how wide a text is, and what can be written at all. No Django in it.

The files are those that browsers get, and two more of the same family for the rest of Latin.
Other scripts, and emoji, have no letters here.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

_HERE = Path(__file__).resolve().parent
_STATIC = _HERE.parents[1] / "static" / "fonts"
TEXT = (
    _STATIC / "hanken-grotesk-latin-wght-normal.woff2",
    _HERE / "fonts" / "hanken-grotesk-latin-ext-wght-normal.woff2",
    _HERE / "fonts" / "hanken-grotesk-vietnamese-wght-normal.woff2",
)
DISPLAY = (_STATIC / "newsreader-latin-wght-normal.woff2",)

Family = tuple[Path, ...]
Font = ImageFont.FreeTypeFont
# No font has a letter here (private use): what is drawn for it is drawn for all that is missing.
_MISSING = "\ue000"
_ELLIPSIS = "…"


@cache
def font(path: Path, size: float, weight: int) -> Font:
    loaded = ImageFont.truetype(str(path), size)
    loaded.set_variation_by_axes([weight])
    return loaded


@lru_cache(maxsize=4096)
def width(text: str, size: float, weight: int = 400, family: Family = TEXT) -> float:
    """In px."""
    return sum(font(path, size, weight).getlength(run) for run, path in _runs(text, family))


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: float,
    colour: str,
    *,
    weight: int = 400,
    family: Family = TEXT,
    centred: bool = False,
) -> float:
    """Draw `text` with its baseline beginning, or its middle, at `at`; returns its width."""
    whole = width(text, size, weight, family)
    x, y = at[0] - (whole / 2 if centred else 0), at[1]
    for run, path in _runs(text, family):
        letters = font(path, size, weight)
        draw.text((x, y), run, fill=colour, font=letters, anchor="ls")
        x += letters.getlength(run)
    return whole


def writable(text: str) -> str:
    """The text without signs that are no letters (emoji); "" if a letter of it is missing here."""
    kept = [sign for sign in unicodedata.normalize("NFC", text) if not _is_ornament(sign)]
    found = " ".join("".join(kept).split())
    return found if all(sign == " " or _file_with(sign, TEXT) for sign in found) else ""


def fitting(text: str, size: float, weight: int, room: float) -> str:
    """As much of it as has room, with an ellipsis where it was cut."""
    if width(text, size, weight) <= room:
        return text
    while text and width(text + _ELLIPSIS, size, weight) > room:
        text = text[:-1].rstrip()
    return text + _ELLIPSIS


def lines(text: str, size: float, weight: int, room: float, most: int) -> list[str]:
    """The text in at most `most` lines, broken between words; what has no room is cut."""
    done: list[str] = []
    words = text.split(" ")
    while words and len(done) < most - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size, weight) <= room:
            line = f"{line} {words.pop(0)}"
        done.append(fitting(line, size, weight, room))
    return [*done, fitting(" ".join(words), size, weight, room)] if words else done


def _is_ornament(sign: str) -> bool:
    """Emoji and what joins them, control and direction signs."""
    return unicodedata.category(sign) in ("So", "Sk", "Cf", "Cc", "Cn", "Co", "Cs", "Me") or (
        0xFE00 <= ord(sign) <= 0xFE0F
    )


def _runs(text: str, family: Family) -> list[tuple[str, Path]]:
    """Pieces of the text with the file that has their letters."""
    runs: list[tuple[str, Path]] = []
    for sign in text:
        path = (_file_with(sign, family) if sign != " " else None) or (
            runs[-1][1] if runs else family[0]
        )
        if runs and runs[-1][1] == path:
            runs[-1] = (runs[-1][0] + sign, path)
        else:
            runs.append((sign, path))
    return runs


@lru_cache(maxsize=4096)
def _file_with(sign: str, family: Family) -> Path | None:
    return next((path for path in family if _drawn(sign, path) != _drawn(_MISSING, path)), None)


@lru_cache(maxsize=4096)
def _drawn(sign: str, path: Path) -> bytes:
    return bytes(font(path, 20, 400).getmask(sign))
