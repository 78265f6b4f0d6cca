"""Avatars and the style sheet: drawn or read here, so that nothing is loaded from elsewhere."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from PIL import Image, ImageDraw

from playground import settings

_COLOURS = ("#b3541e", "#7a5c1e", "#3f6b3a", "#1f6f6b", "#2d5f8a", "#5a4a8a", "#8a3f63", "#5b5b5b")


def _svg(body: str, width: int, height: int) -> HttpResponse:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{body}</svg>'
    return HttpResponse(svg, content_type="image/svg+xml")


@dataclass(frozen=True)
class _Face:
    """An avatar, 96 by 96: a ground and three circles (x, y, radius) that shine through."""

    ground: str
    colour: str
    circles: tuple[tuple[int, int, int], ...]


def _face(account_id: int) -> _Face:
    rng = Random(account_id)
    ground, colour = rng.sample(_COLOURS, 2)
    circles = tuple((rng.randrange(96), rng.randrange(96), rng.randrange(12, 36)) for _ in range(3))
    return _Face(ground, colour, circles)


@cache_control(max_age=86_400)
def avatar(_request: HttpRequest, account_id: int) -> HttpResponse:
    face = _face(account_id)
    shapes = "".join(
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{face.colour}" fill-opacity="0.55"/>'
        for x, y, r in face.circles
    )
    return _svg(f'<rect width="96" height="96" fill="{face.ground}"/>{shapes}', 96, 96)


@cache_control(max_age=86_400)
def avatar_png(_request: HttpRequest, account_id: int) -> HttpResponse:
    """The same as pixels, as servers give them to each other."""
    face, scale = _face(account_id), 4
    picture = Image.new("RGB", (96 * scale, 96 * scale), face.ground)
    for x, y, radius in face.circles:
        circle = Image.new("L", picture.size)
        box = [scale * side for side in (x - radius, y - radius, x + radius, y + radius)]
        ImageDraw.Draw(circle).ellipse(box, fill=140)
        picture.paste(face.colour, mask=circle)
    out = BytesIO()
    picture.save(out, "PNG")
    return HttpResponse(out.getvalue(), content_type="image/png")


@cache_control(max_age=86_400)
def header(_request: HttpRequest, account_id: int) -> HttpResponse:
    colour = Random(account_id).choice(_COLOURS)
    return _svg(f'<rect width="600" height="200" fill="{colour}" fill-opacity="0.4"/>', 600, 200)


@cache_control(max_age=86_400)
def icon(_request: HttpRequest) -> HttpResponse:
    waves = '<path d="M6 30q6-6 12 0t12 0 12 0" fill="none" stroke="#fff" stroke-width="4"/>'
    return _svg(f'<rect width="48" height="48" rx="8" fill="#1f6f6b"/>{waves}', 48, 48)


@cache_control(max_age=300)
def style(_request: HttpRequest) -> HttpResponse:
    css = (settings.HERE / "static" / "playground.css").read_text()
    return HttpResponse(css, content_type="text/css; charset=utf-8")
