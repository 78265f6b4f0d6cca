"""The badge: a score as a small SVG for pages elsewhere. Pure.

Shown as a picture it can load nothing, so it names fonts that may not be there. Each text has
the width that our own font gives it (`textLength`): whatever font draws it, nothing overlaps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

# (text, size in px, weight 100 to 900) -> width in px.
Measure = Callable[[str, float, int], float]

LOOKS = ("light", "dark")
SIZES = ("regular", "small")


@dataclass(frozen=True)
class Words:
    """What is read on a badge; without `score` it is the neutral one, the same for everybody."""

    title: str
    score: str = ""
    likely: str = ""


@dataclass(frozen=True)
class _Colours:
    ground: str
    line: str
    ink: str
    soft: str
    wash: str
    buoy: str
    wave: str


@dataclass(frozen=True)
class _Shape:
    """Lengths in px; `likely` is the size of that text, 0 where there is no room for it."""

    height: int
    pad: int
    mark: int
    name: float
    score: float
    likely: float
    baseline: float


# The tokens of static/css/tokens.css, which a picture elsewhere cannot load.
_COLOURS = {
    "light": _Colours("#ffffff", "#e4dfd5", "#14222e", "#52616c", "#e2f0f3", "#bd3911", "#0d5c73"),
    "dark": _Colours("#11202c", "#21343f", "#eaf1f4", "#a3b6c0", "#12303b", "#ff8a5c", "#5cc3dc"),
}
_SHAPES = {
    "regular": _Shape(32, 10, 18, 15, 17, 12.5, 21.5),
    "small": _Shape(20, 6, 12, 11.5, 12, 0, 14.2),
}
_FONT = "'Hanken Grotesk', system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"
_NAME, _NAME_WEIGHT, _SCORE_WEIGHT, _LIKELY_WEIGHT = "Klout", 600, 700, 400


def draw(words: Words, look: str, size: str, measure: Measure) -> str:
    """The badge as SVG; `look` is one of LOOKS, `size` one of SIZES."""
    colours, shape = _COLOURS[look], _SHAPES[size]
    gap = shape.pad * 0.6
    x = shape.pad + shape.mark + gap
    left = [_mark(shape, colours)]
    name = measure(_NAME, shape.name, _NAME_WEIGHT)
    left.append(_text(_NAME, x, shape, shape.name, _NAME_WEIGHT, name, colours.ink))
    split = x + name + shape.pad
    if not words.score:
        return _svg(words.title, split, shape, colours, left)
    right, end = [], split + shape.pad
    pieces = [(words.score, shape.score, _SCORE_WEIGHT, colours.ink)]
    if words.likely and shape.likely:
        pieces.append((words.likely, shape.likely, _LIKELY_WEIGHT, colours.soft))
    for text, font_size, weight, colour in pieces:
        width = measure(text, font_size, weight)
        right.append(_text(text, end, shape, font_size, weight, width, colour))
        end += width + gap
    width = end - gap + shape.pad
    wash = _wash(split, width, shape, colours)
    return _svg(words.title, width, shape, colours, [wash, *left, *right])


def _svg(title: str, width: float, shape: _Shape, colours: _Colours, parts: list[str]) -> str:
    wide, height, radius = _number(width), shape.height, shape.height // 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{height}" '
        f'viewBox="0 0 {wide} {height}" role="img"><title>{escape(title)}</title>'
        f'<rect x=".5" y=".5" width="{_number(width - 1)}" height="{height - 1}" rx="{radius}" '
        f'fill="{colours.ground}" stroke="{colours.line}"/>{"".join(parts)}</svg>\n'
    )


def _wash(split: float, width: float, shape: _Shape, colours: _Colours) -> str:
    """The ground of the score, with the round corners of the badge on its right."""
    radius, bottom = shape.height // 4, shape.height - 1
    edge = width - 1
    return (
        f'<path fill="{colours.wash}" d="M{_number(split)} 1H{_number(edge - radius)}'
        f"a{radius} {radius} 0 0 1 {radius} {radius}V{bottom - radius}"
        f'a{radius} {radius} 0 0 1 -{radius} {radius}H{_number(split)}z"/>'
    )


def _mark(shape: _Shape, colours: _Colours) -> str:
    scale, top = shape.mark / 24, (shape.height - shape.mark) / 2
    return (
        f'<g transform="translate({shape.pad} {_number(top)}) scale({_number(scale)})">'
        f'<circle fill="{colours.buoy}" cx="12" cy="17" r="3"/>'
        f'<path fill="none" stroke="{colours.wave}" stroke-width="2" stroke-linecap="round" '
        'd="M5 14a8 8 0 0 1 14 0M2 10.5a12 12 0 0 1 20 0"/></g>'
    )


def _text(
    text: str, x: float, shape: _Shape, size: float, weight: int, width: float, colour: str
) -> str:
    return (
        f'<text x="{_number(x)}" y="{_number(shape.baseline)}" font-family="{_FONT}" '
        f'font-size="{_number(size)}" font-weight="{weight}" fill="{colour}" '
        f'textLength="{_number(width)}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
