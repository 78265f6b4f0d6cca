"""Trouble on purpose, for tests: slow, down, garbage, rate limited, tokens revoked, clock moved.

Only with PLAYGROUND_TROUBLE=1. `POST /trouble/` takes JSON and sets what it names:
{"mode": "" | "slow" | "down" | "garbage" | "limited" | "enormous", "seconds": 3},
{"now": "2026-11-02T12:00:00Z"}, {"revoke": "ada"}, {"forget_limits": true}. A mode holds for
every path but /trouble/ until it is set to "".
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from playground import clock, here, settings
from playground.api.answers import limiter
from playground.models import Token


@dataclass
class _Trouble:
    mode: str = ""
    seconds: float = 3


_trouble = _Trouble()


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        if not _trouble.mode or request.path == "/trouble/":
            return get_response(request)
        if _trouble.mode == "slow":
            time.sleep(_trouble.seconds)
            return get_response(request)
        return _broken()

    return answer


def _broken() -> HttpResponse:
    if _trouble.mode == "garbage":
        return HttpResponse('{"id": "1", "acct": ', content_type="application/json")
    if _trouble.mode == "enormous":
        return HttpResponse(b"[" + b"1," * 2_000_000 + b"1]", content_type="application/json")
    if _trouble.mode == "limited":
        wait = {"Retry-After": str(int(_trouble.seconds))}
        return JsonResponse({"error": "Too many requests"}, status=429, headers=wait)
    return HttpResponse("<h1>503 Service Unavailable</h1>", status=503)


@csrf_exempt
def switch(request: HttpRequest) -> HttpResponse:
    if not settings.TROUBLE or request.method != "POST":
        return HttpResponseNotFound()
    wanted = json.loads(request.body)
    _trouble.mode = wanted.get("mode", _trouble.mode)
    _trouble.seconds = wanted.get("seconds", _trouble.seconds)
    if "now" in wanted:
        clock.stop_at(datetime.fromisoformat(wanted["now"]))
    if "revoke" in wanted:
        now = clock.now()
        person = here.world(now).population.named(wanted["revoke"])
        Token.objects.filter(account_id=person.id, revoked_at=None).update(revoked_at=now)
    if wanted.get("forget_limits"):
        limiter.forget()
    return JsonResponse({"mode": _trouble.mode, "now": clock.now().isoformat()})
