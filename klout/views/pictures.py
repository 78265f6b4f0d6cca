"""Badges and previews: pictures that other people's pages show. See `klout.bare`."""

import logging
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from klout import badges, previews
from scoring.badge import LOOKS, SIZES

logger = logging.getLogger(__name__)

# Good ones may be shown on while they are asked for anew, and while we cannot be reached.
GOOD = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=86400"
NEUTRAL = "public, max-age=300"
NOTHING_IN_IT = "default-src 'none'; frame-ancestors 'none'"


@require_safe
def badge(request: HttpRequest, address: str) -> HttpResponse:
    """The badge at an address: `?look=dark`, `?size=small`. Never an error, at most one query."""
    look, size = request.GET.get("look", ""), request.GET.get("size", "")
    drawn = badges.badge_at(
        address,
        look if look in LOOKS else LOOKS[0],
        size if size in SIZES else SIZES[0],
        timezone.now(),
    )
    return _picture(request, drawn.svg, "image/svg+xml; charset=utf-8", keeps=drawn.keeps)


@require_safe
def preview(request: HttpRequest, what: str) -> HttpResponse:
    """The picture beside a link to a profile (`@name`) or a shared page; else the neutral one."""
    try:
        sight = previews.sight_at(what, timezone.now())
    # As with the badge: on somebody's page it is never an error.
    except Exception as error:
        logger.warning("preview: the neutral one is shown (%s)", type(error).__name__)
        sight = None
    drawn = previews.png(sight or previews.neutral())
    return _picture(request, drawn, "image/png", keeps=sight is not None)


def _picture(request: HttpRequest, body: bytes, kind: str, *, keeps: bool) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    answer["ETag"], answer["Cache-Control"] = etag, GOOD if keeps else NEUTRAL
    answer["Content-Security-Policy"] = NOTHING_IN_IT
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    return get_conditional_response(request, etag=etag, response=answer) or answer
