"""The picture that stands beside a link elsewhere: 1200 by 630 px, as PNG. No Django in it."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from klout.drawing import letters

WIDTH, HEIGHT = 1200, 630
# Drawn twice as large and made smaller: Pillow's lines and circles have no soft edges.
_TWICE = 2
_PAPER, _CARD, _LINE = "#faf8f4", "#ffffff", "#e4dfd5"
_INK, _SOFT, _SIGNAL, _SEA, _WASH = "#14222e", "#52616c", "#bd3911", "#0d5c73", "#e2f0f3"
_LEFT, _ROOM, _CENTRE = 80, 560, (890, 300)
_NAME_SIZES = (72, 60, 50, 42)


@dataclass(frozen=True)
class Sight:
    """What is drawn: all of it stands on the page as well. Empty texts are left out."""

    name: str
    under: str = ""
    score: str = ""
    likely: str = ""
    lines: tuple[str, ...] = ()
    foot: str = ""


def draw(sight: Sight) -> bytes:
    """The PNG; the same for the same sight."""
    picture = Image.new("RGB", (WIDTH * _TWICE, HEIGHT * _TWICE), _PAPER)
    pen = ImageDraw.Draw(picture)
    _sonar(pen, has_score=bool(sight.score))
    _mark(pen)
    _words(pen, sight)
    out = BytesIO()
    smaller = picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    smaller.quantize(96, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _scaled(*values: float) -> list[float]:
    return [value * _TWICE for value in values]


def _circle(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, **how: object) -> None:
    box = _scaled(x - radius, y - radius, x + radius, y + radius)
    pen.ellipse(box, **how)  # type: ignore[arg-type]


def _sonar(pen: ImageDraw.ImageDraw, *, has_score: bool) -> None:
    for radius, ground in ((230, "#f3f6f3"), (165, "#ebf3f3"), (100, _WASH)):
        _circle(pen, *_CENTRE, radius, fill=ground, outline="#c9dcdf", width=3)
    if not has_score:
        _circle(pen, *_CENTRE, 16, fill=_SIGNAL)
    for x, y, radius in ((728, 137, 13), (1052, 463, 10), (1086, 178, 8)):
        _circle(pen, x, y, radius, fill=_SEA)


def _mark(pen: ImageDraw.ImageDraw) -> None:
    """The buoy and its waves, as in templates/components/_mark.html, 44 px high."""
    for radius, width in ((19, 4), (29, 4)):
        box = _scaled(102 - radius, 92 - radius, 102 + radius, 92 + radius)
        pen.arc(box, 205, 335, fill=_SEA, width=width * _TWICE)
    _circle(pen, 102, 96, 7, fill=_SIGNAL)
    _write(pen, 146, 104, "Klout", 38, _INK, weight=600, family=letters.DISPLAY)


def _words(pen: ImageDraw.ImageDraw, sight: Sight) -> None:
    size = next(
        (size for size in _NAME_SIZES if letters.width(sight.name, size, 600) <= _ROOM),
        _NAME_SIZES[-1],
    )
    y = 262.0
    for line in letters.lines(sight.name, size, 600, _ROOM, 2) if sight.name else ():
        _write(pen, _LEFT, y, line, size, _INK, weight=600)
        y += 54
    if sight.under:
        _write(pen, _LEFT, y, letters.fitting(sight.under, 32, 400, _ROOM), 32, _SOFT)
        y += 60
    for line in sight.lines:
        _write(pen, _LEFT, y, letters.fitting(line, 28, 400, _ROOM), 28, _SOFT)
        y += 42
    x, middle = _CENTRE
    if sight.score:
        place = (x, middle + 66)
        _write(
            pen, *place, sight.score, 190, _INK, family=letters.DISPLAY, weight=500, centred=True
        )
    if sight.likely:
        _write(pen, x, middle + 128, sight.likely, 30, _SOFT, centred=True)
    _write(pen, _LEFT, 582, letters.fitting(sight.foot, 22, 400, WIDTH - 2 * _LEFT), 22, _SOFT)


def _write(
    pen: ImageDraw.ImageDraw,
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    *,
    weight: int = 400,
    family: letters.Family = letters.TEXT,
    centred: bool = False,
) -> None:
    at = (x * _TWICE, y * _TWICE)
    letters.write(
        pen, at, text, size * _TWICE, colour, weight=weight, family=family, centred=centred
    )
