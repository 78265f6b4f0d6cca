"""The whole API of today: its calls, and how what stops them is told."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from gifting.refusals import NotYours, Refusal
from klout.api.v3 import openapi, problems
from klout.api.v3.calls import k, member, mind, networks, profiles, score
from klout.api.v3.problems import Problem, Wrong, invalid
from klout.api.v3.rendering import Renderer

api = NinjaAPI(
    title="Klout",
    version=openapi.VERSION,
    description=openapi.DESCRIPTION,
    urls_namespace="api-3",
    docs_url=None,
    openapi_url=None,
    renderer=Renderer(),
)
for part in (score, networks, k, mind, member, profiles):
    api.add_router("", part.router)

Told = Callable[[HttpRequest, Any], HttpResponse]


def _tells(kind: type[Exception], problem: Callable[[Any], Problem]) -> None:
    """What stops a call with this exception is told as that problem."""

    def told(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem(error).response()

    api.add_exception_handler(kind, told)


def _invalid(error: ValidationError) -> Problem:
    return invalid([_wrong(one["loc"], one["msg"]) for one in error.errors])


def _wrong(place: tuple[Any, ...], what: str) -> Wrong:
    """Of a place such as `("body", "to_give", "words")`."""
    where, *path = (str(step) for step in place)
    inside = path[1:] if where == "body" and len(path) > 1 else path
    return Wrong(where, ".".join(inside), what)


def _goes_on(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Whatever else happens is told at the edge, and logged there."""
    raise error


_tells(Problem, lambda problem: problem)
_tells(Refusal, lambda refusal: Problem(problems.REFUSED, refusal.sentence))
_tells(NotYours, lambda _: Problem(problems.NOT_FOUND))
_tells(Http404, lambda _: Problem(problems.NOT_FOUND))
# The library raises it for a body that is no JSON, and for nothing else here.
_tells(HttpError, lambda _: Problem(problems.BAD_REQUEST))
_tells(ValidationError, _invalid)
api.add_exception_handler(Exception, _goes_on)
