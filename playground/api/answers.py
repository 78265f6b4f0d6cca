"""How an API view is called and how it answers: tokens, scopes, limits, errors, Link headers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt

from playground import clock, here, settings
from playground.api.entities import Entities
from playground.api.limits import ADDRESS_LIMIT, TOKEN_LIMIT, Budget, Limiter
from playground.models import Token
from playground.paging import Window
from playground.people import Person
from playground.snowflake import read_id
from playground.world import World

NOT_FOUND = "Record not found"
limiter = Limiter()


class ApiError(Exception):
    """Ends a view with one of Mastodon's error bodies."""

    def __init__(self, status: int, error: str, **more: Any) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, **more}


@dataclass(frozen=True)
class Call:
    """One call of the API: who asks, with which parameters, when."""

    request: HttpRequest
    params: QueryDict
    now: datetime
    world: World
    entities: Entities
    token: Token | None
    person: Person | None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def me(self) -> Person:
        if not self.person:
            raise ApiError(422, "This method requires an authenticated user")
        return self.person

    def flag(self, name: str) -> bool:
        return self.params.get(name, "").lower() in ("1", "true", "t", "on")

    def window(self, default: int, most: int) -> Window:
        """The paging parameters; nonsense counts as not given, as in Mastodon."""
        limit = read_id(self.params.get("limit")) or default
        return Window(
            limit=max(1, min(limit, most)),
            max_id=read_id(self.params.get("max_id")),
            since_id=read_id(self.params.get("since_id")),
            min_id=read_id(self.params.get("min_id")),
        )

    def link(self, ids: Sequence[int], window: Window, back: str = "min_id") -> None:
        """The Link header: `next` is older, `prev` is newer."""
        if not ids:
            return
        kept = {
            name: values
            for name, values in self.request.GET.lists()
            if name not in ("max_id", "since_id", "min_id")
        }
        address = settings.BASE_URL + self.request.path
        links = []
        if len(ids) == window.limit:
            older = urlencode(kept | {"max_id": ids[-1]}, doseq=True)
            links.append(f'<{address}?{older}>; rel="next"')
        newer = urlencode(kept | {back: ids[0]}, doseq=True)
        links.append(f'<{address}?{newer}>; rel="prev"')
        self.headers["Link"] = ", ".join(links)


View = Callable[..., Any]


def api(*scopes: str, token: bool = True) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a function from a call to JSON into a view.

    The token must have one of the `scopes`; with `token=False` anybody may ask, and a token
    that is sent must still be a good one.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            now = clock.now()
            headers: dict[str, str] = {}
            try:
                found = _find_token(request)
                budget = _count(request, found, now)
                headers = budget.headers
                if budget.is_spent:
                    raise ApiError(429, "Too many requests")
                _check(found, scopes, token)
                call = _call(request, now, found)
                body = view(call, **kwargs)
                response: HttpResponse = JsonResponse(body, safe=False)
                headers |= call.headers
            except ApiError as error:
                response = JsonResponse(error.body, status=error.status)
                if error.status == 401:
                    response["WWW-Authenticate"] = _challenge(error.body["error"])
            for name, value in headers.items():
                response[name] = value
            return response

        return answer

    return decorate


def _challenge(description: str) -> str:
    """RFC 6750, in the words of Mastodon's library."""
    return f'Bearer realm="Doorkeeper", error="invalid_token", error_description="{description}"'


def _count(request: HttpRequest, token: Token | None, now: datetime) -> Budget:
    if token:
        return limiter.count(f"token:{token.pk}", TOKEN_LIMIT, now)
    return limiter.count(f"address:{request.META.get('REMOTE_ADDR', '')}", ADDRESS_LIMIT, now)


def _find_token(request: HttpRequest) -> Token | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value:
        return None
    token = Token.objects.select_related("app").filter(token=value.strip()).first()
    if not token:
        raise ApiError(401, "The access token is invalid")
    if token.revoked_at:
        raise ApiError(401, "The access token was revoked")
    return token


def _check(token: Token | None, scopes: Sequence[str], is_needed: bool) -> None:
    if not token:
        if is_needed:
            raise ApiError(401, "The access token is invalid")
        return
    if scopes and is_needed and not set(scopes) & set(token.scopes.split()):
        raise ApiError(403, "This action is outside the authorized scopes")


def _call(request: HttpRequest, now: datetime, token: Token | None) -> Call:
    world = here.world(now)
    person = world.population.by_id(token.account_id) if token and token.account_id else None
    entities = Entities(world, settings.BASE_URL, now, person)
    return Call(request, parameters(request), now, world, entities, token, person)


def parameters(request: HttpRequest) -> QueryDict:
    """Query, form or JSON body as one; arrays are `name[]` in all three."""
    merged = request.GET.copy()
    if request.content_type == "application/json":
        for name, value in _json_body(request).items():
            if isinstance(value, list):
                merged.setlist(f"{name}[]", [_text(each) for each in value])
            elif value is not None:
                merged[name] = _text(value)
    else:
        for name, values in request.POST.lists():
            merged.setlist(name, values)
    return merged


def _text(value: object) -> str:
    """As a form would send it; half characters, which JSON can spell, are replaced."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.encode("utf-8", "replace").decode()


def _json_body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise ApiError(400, "There was a problem parsing the JSON body") from None
    return body if isinstance(body, dict) else {}
