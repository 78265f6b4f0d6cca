"""How the API of old is asked. Every answer is JSON (or XML on v1) and none is empty; what a key
may not do is 403, because clients of the time take a 429 for a success.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.api_keys import KeyHolder, digest_of
from accounts.api_models import ApiPresence
from accounts.scopes import Scope
from klout.api import quota
from klout.api.classic import lookups, wire

# As the gateway in front of Klout's API named them; clients read the header, if anything.
CODES = {
    quota.Refused.UNKNOWN: "ERR_403_DEVELOPER_INACTIVE",
    quota.Refused.TOO_FAST: "ERR_403_DEVELOPER_OVER_QPS",
    quota.Refused.USED_UP: "ERR_403_DEVELOPER_OVER_RATE",
    quota.Refused.SEEN_ENOUGH: "ERR_403_DEVELOPER_OVER_RATE",
}
SENTENCES = {
    quota.Refused.UNKNOWN: "This key opens nothing. Make one in your settings, under API.",
    quota.Refused.TOO_FAST: f"More than {quota.PER_SECOND} requests in a second. Wait one.",
    quota.Refused.USED_UP: f"More than {quota.PER_DAY} requests today. Go on after midnight UTC.",
    quota.Refused.SEEN_ENOUGH: (
        f"This key has seen {quota.MEMBERS_PER_DAY} members today, as many as it may. "
        "Go on after midnight UTC; those that it has seen still answer."
    ),
}
CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,63}")
NOBODY = "There is nobody here by that name who lets the API speak of them."

log = structlog.get_logger(__name__)


class NotFound(Exception):
    """Nobody, or nothing, is there."""


# From the key, the rest of the path and the moment to the body; members seen are asked for inside.
Answer = Callable[["Asked"], dict[str, Any] | list[dict[str, str]]]


class Asked:
    """One request as the answers below see it."""

    def __init__(self, request: HttpRequest, holder: KeyHolder, now: datetime) -> None:
        self.get = request.GET
        self.key = request.GET.get("key", "")
        self.holder = holder
        self.now = now

    def may_see(self, kloutids: list[int]) -> list[int]:
        """Those of these members that the key may see today."""
        allowed = quota.may_see(
            digest_of(self.key), [str(kloutid) for kloutid in kloutids], self.now
        )
        return [int(kloutid) for kloutid in allowed]

    def must_see(self, kloutid: int) -> None:
        """Raises where the key has seen as many others today as it may."""
        if not self.may_see([kloutid]):
            raise quota.seen_enough(self.now)


def answered(
    request: HttpRequest, answer: Answer, *, about: str = "", repeated: bool = False
) -> HttpResponse:
    """The key is checked and counted, then asked; whatever goes wrong is told as clients expect.

    With `repeated`, the answer is kept for a minute for everybody who asks the same about that
    member: then neither Postgres nor `answer` is asked.
    """
    if request.method not in ("GET", "HEAD"):
        return refusal(405, "Only GET is answered here.")
    now, path = timezone.now(), request.path.rstrip("/")
    key = request.GET.get("key", "")
    try:
        admitted = quota.admit(quota.Question(key, path if repeated else "", about), now)
        if Scope.LOOK_UP not in admitted.holder.scopes:
            raise quota.Refused(quota.Refused.UNKNOWN, 0)
        if admitted.answer:
            return _said(request, admitted.answer)
        body = json.dumps(answer(Asked(request, admitted.holder, now))).encode()
        if repeated:
            quota.keep_answer(path, body)
        return _said(request, body)
    except NotFound:
        return refusal(404, NOBODY)
    except quota.Refused as refused:
        return _not_now(refused)
    except (quota.Away, DatabaseError):
        log.warning("the classic API cannot answer now", exc_info=True)
        return refusal(503, "This cannot be answered for the moment. Ask again in a few seconds.")


def _said(request: HttpRequest, body: bytes) -> HttpResponse:
    """As a call of the function that a page of the time named, where the operator allows that."""
    called = request.GET.get("callback", "") if settings.CLASSIC_API_JSONP else ""
    if not CALLBACK.fullmatch(called) or request.path.rstrip("/").endswith(".xml"):
        return HttpResponse(body, content_type="application/json")
    # The comment in front: nobody chooses the first bytes of a file that we answer with.
    return HttpResponse(
        b"/**/%s(%s);" % (called.encode(), body),
        content_type="application/javascript; charset=utf-8",
    )


def refusal(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(
        json.dumps(wire.error(status, sentence)), status=status, content_type="application/json"
    )


def _not_now(refused: quota.Refused) -> HttpResponse:
    response = refusal(403, SENTENCES[refused.reason])
    response["X-Mashery-Error-Code"] = CODES[refused.reason]
    if refused.retry_after:
        response["Retry-After"] = str(refused.retry_after)
    return response


# --- v2 -----------------------------------------------------------------------------------------


def identity_by_name(request: HttpRequest, network: str) -> HttpResponse:
    def answer(asked: Asked) -> dict[str, Any]:
        code = lookups.NAMES.get(network, network)
        name = asked.get.get("screenName", "")
        return _identity(asked, lookups.by_handle(code, name, asked.now))

    return answered(request, answer)


def identity_by_id(request: HttpRequest, code: str, network_id: str) -> HttpResponse:
    if code in ("ks", "klout"):
        return identity_of_kloutid(request, network_id, "ks")
    return answered(
        request, lambda asked: _identity(asked, lookups.by_id(code, network_id, asked.now))
    )


def identity_of_kloutid(request: HttpRequest, kloutid: str, code: str) -> HttpResponse:
    """What the member with this number is called on a network."""

    def answer(asked: Asked) -> dict[str, Any]:
        presence = _present(asked, kloutid)
        if code in ("ks", "klout"):
            return wire.identity(presence.kloutid)
        network_id = lookups.network_id(presence, code)
        if network_id is None:
            raise NotFound
        return wire.network_identity(network_id, code)

    return answered(request, answer)


def user(request: HttpRequest, kloutid: str) -> HttpResponse:
    return answered(
        request,
        lambda asked: wire.user(_figures(asked, kloutid)),
        about=kloutid,
        repeated=True,
    )


def score(request: HttpRequest, kloutid: str) -> HttpResponse:
    return answered(
        request,
        lambda asked: wire.score(_figures(asked, kloutid)),
        about=kloutid,
        repeated=True,
    )


def topics(request: HttpRequest, kloutid: str) -> HttpResponse:
    """An empty list where the member does not show any."""

    def answer(asked: Asked) -> list[dict[str, str]]:
        member = _present(asked, kloutid).member_id
        return wire.topics(lookups.subjects(member, asked.now))

    return answered(request, answer, about=kloutid, repeated=True)


def influence(request: HttpRequest, kloutid: str) -> HttpResponse:
    """Not repeated: whom it tells of counts as seen by each key that asks."""

    def answer(asked: Asked) -> dict[str, Any]:
        member = _present(asked, kloutid).member_id
        return wire.influence(
            _seen(asked, lookups.influencers(member, asked.now)),
            _seen(asked, lookups.influencees(member, asked.now)),
        )

    return answered(request, answer)


def _identity(asked: Asked, found: lookups.Found | None) -> dict[str, Any]:
    if found is None:
        raise NotFound
    asked.must_see(found.kloutid)
    return wire.identity(found.kloutid)


def _present(asked: Asked, kloutid: str) -> ApiPresence:
    presence = lookups.by_kloutid(kloutid, asked.now)
    if presence is None:
        raise NotFound
    asked.must_see(presence.kloutid)
    return presence


def _figures(asked: Asked, kloutid: str) -> wire.Figures:
    member = _present(asked, kloutid).member_id
    figures = lookups.figures_of([member], asked.now).get(member)
    if figures is None:
        raise NotFound
    return figures


def _seen(asked: Asked, circle: wire.Circle) -> wire.Circle:
    """Without those that the key may not see today; how many there are in all is told."""
    allowed = asked.may_see([one.kloutid for one in circle.shown])
    return wire.Circle([one for one in circle.shown if one.kloutid in allowed], circle.count)


def unknown(request: HttpRequest, **_rest: str) -> HttpResponse:
    """Any other address below /1 and /v2: the key is looked at first, as everywhere."""
    return answered(request, _nothing)


def _nothing(_asked: Asked) -> dict[str, Any]:
    raise NotFound
