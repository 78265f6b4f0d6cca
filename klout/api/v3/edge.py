"""Around every address below /api/v3/: what browsers ask first, and errors in one shape."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from klout.api.v3 import problems
from klout.api.v3.idempotency import HEADER, REPEATED

PREFIX = "/api/v3/"
# Programs in browsers may ask from anywhere: what opens the door is the token that they were given,
# and never a cookie, so a page of strangers has nothing to ask with (decision 0843).
FROM_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        f"ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID, {REPEATED}"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE",
    "Access-Control-Allow-Headers": f"Authorization, Content-Type, If-None-Match, {HEADER}",
    "Access-Control-Max-Age": "86400",
}


def at_the_edge(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; other addresses pass it untouched."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return get_response(request)
        response = _answer(request, get_response)
        for name, value in FROM_ANYWHERE.items():
            response[name] = value
        return response

    return middleware


def _answer(
    request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return HttpResponse(status=204, headers=PREFLIGHT)
    is_head = request.method == "HEAD"
    if is_head:
        request.method = "GET"
    response = _as_problem(request, get_response(request))
    return _without_body(response) if is_head else response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page that tells of an error says it in JSON instead."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code < 400 or not is_page:
        return response
    kind = problems.BY_STATUS.get(response.status_code, problems.BROKEN)
    kept = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
    with translation.override(translation.get_language_from_request(request)):
        return problems.told(kind, headers=kept)


def _without_body(response: HttpResponse) -> HttpResponse:
    """What HEAD gets: the headers of the answer. A file that was opened is closed with it."""
    if response.streaming:
        response.streaming_content = []  # type: ignore[attr-defined]
        return response
    response.headers.setdefault("Content-Length", str(len(response.content)))
    response.content = b""
    return response
