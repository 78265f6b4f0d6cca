"""Pictures are answered before anything is asked of sessions, languages or members.

They are fetched a lot, by caches and by other people's pages: one query at most, no cookie read
or set, and no answer that depends on who asks. So they also outlive a database that is away.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

PLACES = ("/badge/", "/pictures/", "/preview/")


class BarePictures:
    """Stands above the sessions; what it does not know goes the usual way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PLACES):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return answer
