"""Security headers of every answer; scripts, styles and pictures from here only."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{more}; "
    "base-uri 'none'; frame-ancestors 'none'"
)


_ORIGIN = "X-Form-Origin"


def allow_form_to(response: HttpResponse, origin: str) -> None:
    """Let a form of this page end at another origin.

    Chromium applies form-action also to the redirect that follows the form, and the consent
    page sends people back to the client.
    """
    response[_ORIGIN] = origin


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        origin = response.get(_ORIGIN, "")
        del response[_ORIGIN]
        response["Content-Security-Policy"] = _POLICY.format(more=f" {origin}" if origin else "")
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "same-origin"
        return response

    return answer
