"""Avatars and the style sheet: drawn or read here, so that nothing is loaded from elsewhere."""

from random import Random

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from playground import settings

_COLOURS = ("#b3541e", "#7a5c1e", "#3f6b3a", "#1f6f6b", "#2d5f8a", "#5a4a8a", "#8a3f63", "#5b5b5b")


def _svg(body: str, width: int, height: int) -> HttpResponse:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{body}</svg>'
    return HttpResponse(svg, content_type="image/svg+xml")


@cache_control(max_age=86_400)
def avatar(_request: HttpRequest, account_id: int) -> HttpResponse:
    rng = Random(account_id)
    back, front = rng.sample(_COLOURS, 2)
    shapes = "".join(
        f'<circle cx="{rng.randrange(96)}" cy="{rng.randrange(96)}" r="{rng.randrange(12, 36)}" '
        f'fill="{front}" fill-opacity="0.55"/>'
        for _ in range(3)
    )
    return _svg(f'<rect width="96" height="96" fill="{back}"/>{shapes}', 96, 96)


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
