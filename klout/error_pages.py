"""Errors that come without a page get one: nobody is left before an empty window."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TEMPLATES = {400: "400.html", 403: "403.html", 404: "404.html", 405: "405.html"}


def pages_for_errors(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """For browsers, where an answer has nothing in it, as Django's own to a wrong method.

    Innermost, so that the page knows who is signed in and speaks their language.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        template = TEMPLATES.get(response.status_code)
        if template is None or response.streaming or response.content:
            return response
        if request.method == "HEAD" or not request.accepts("text/html"):
            return response
        response.content = render_to_string(template, request=request)
        response.headers.setdefault("Content-Type", "text/html; charset=utf-8")
        return response

    return middleware
