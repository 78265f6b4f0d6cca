"""How every call is asked and answered, whatever it is about.

In this order: whose token it is (401), how often it asked (429), whether it may do this (403),
whether the body can be read (413, 415), and only then what was asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, cast

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from accounts.middleware import zone_of
from accounts.models import Member
from accounts.scopes import Scope
from accounts.speaking import in_the_language_of
from klout.api import quota
from klout.api.v3 import problems
from klout.api.v3.auth import Caller, bearer
from klout.api.v3.idempotency import once
from klout.api.v3.problems import Problem

BODY_MOST = 64 * 1024
# Of the member's own things, which anything may change: asked for again each time, and answered
# with 304 where nothing did.
CACHED = "private, no-cache"

Run = Callable[..., HttpResponse]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Asked:
    """Who asks, and when: the clock is read once for a request."""

    caller: Caller
    now: datetime

    @property
    def member(self) -> Member:
        return self.caller.member


def asked_by(request: HttpRequest) -> Asked:
    """What `guarded` found out about the request."""
    return cast(Asked, request.asked)  # type: ignore[attr-defined]


def guarded(
    scope: Scope | None, *, writes: bool = False, works_uncounted: bool = True
) -> Callable[[Run], Run]:
    """Around each call. None: any token will do.

    `works_uncounted`: goes on where Redis is away and nothing can be counted.
    """

    def around(run: Run) -> Run:
        @wraps(run)
        def guarded_run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            try:
                asked = Asked(_caller(request, now), now)
                counted = _count(asked, works_uncounted=works_uncounted)
                if counted is not None and counted.is_over:
                    return _with_limits(_too_many(counted), counted)
                request.asked = asked  # type: ignore[attr-defined]
                with _spoken_to(request, asked.member):
                    call = _Call(asked, scope, writes, lambda: run(request, *args, **kwargs))
                    return _with_limits(_answered(request, call), counted)
            except Problem as problem:
                return problem.response()
            except (DatabaseError, quota.Away):
                log.warning("the API cannot answer now", exc_info=True)
                return Problem(problems.AWAY, headers={"Retry-After": "5"}).response()

        return guarded_run

    return around


@dataclass(frozen=True)
class _Call:
    """What is asked by whom, and what it takes."""

    asked: Asked
    scope: Scope | None
    writes: bool
    run: Callable[[], HttpResponse]


def _caller(request: HttpRequest, now: datetime) -> Caller:
    caller = bearer(request, now)
    if caller is None:
        raise Problem(problems.NO_TOKEN, headers={"WWW-Authenticate": 'Bearer realm="Klout"'})
    return caller


def _answered(request: HttpRequest, call: _Call) -> HttpResponse:
    try:
        _check_scope(call.asked.caller, call.scope)
        response = _written(request, call) if call.writes else _read(request, call.run())
    except Problem as problem:
        response = problem.response()
    response["Content-Language"] = translation.get_language() or ""
    return response


def _check_scope(caller: Caller, scope: Scope | None) -> None:
    if scope is None or scope in caller.scopes:
        return
    challenge = f'Bearer realm="Klout", error="insufficient_scope", scope="{scope.value}"'
    headers = {"WWW-Authenticate": challenge}
    raise Problem(problems.NO_SCOPE, headers=headers, scope=scope.value)


def _count(asked: Asked, *, works_uncounted: bool) -> quota.Counted | None:
    """None where Redis is away and the call works without it."""
    try:
        return quota.count(asked.caller.counted_as, asked.now)
    except quota.Away:
        if not works_uncounted:
            raise
        return None


def _written(request: HttpRequest, call: _Call) -> HttpResponse:
    _check_body(request)
    response = once(request, call.asked.caller, call.asked.now, call.run)
    response["Cache-Control"] = "no-store"
    return response


@contextmanager
def _spoken_to(request: HttpRequest, member: Member) -> Iterator[None]:
    """In the language that the program asks for, else in the member's; times in their zone."""
    if "Accept-Language" not in request.headers:
        with in_the_language_of(member):
            yield
    else:
        with timezone.override(zone_of(member.time_zone)):
            yield


def _check_body(request: HttpRequest) -> None:
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > BODY_MOST or len(request.body) > BODY_MOST:
        raise Problem(problems.TOO_LARGE)
    kind = (request.content_type or "").lower()
    if request.body and kind != "application/json":
        raise Problem(problems.NO_JSON)


def _read(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With an ETag; 304 where the caller has this very answer."""
    if response.status_code != 200 or response.streaming:
        return response
    etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = CACHED
    patch_vary_headers(response, ["Authorization"])
    return cast(HttpResponse, get_conditional_response(request, etag=etag, response=response))


def _too_many(counted: quota.Counted) -> HttpResponse:
    wait = {"Retry-After": str(counted.retry_after)}
    return Problem(problems.TOO_MANY, headers=wait).response()


def _with_limits(response: HttpResponse, counted: quota.Counted | None) -> HttpResponse:
    """With what is left, and for how long."""
    for name, value in (counted.headers if counted else {}).items():
        response[name] = value
    return response
