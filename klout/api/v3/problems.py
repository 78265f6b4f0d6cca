"""What can go wrong, each with a name that stays: answers in `application/problem+json` (RFC 9457).

The `type` of a problem leads to a page here that says what it means and what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klout import request_id
from klout.api.v3.rendering import as_json

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem. `slug` is part of the API; the texts may get better."""

    slug: str
    status: int
    title: str | Promise
    meaning: str | Promise
    then: str | Promise

    @property
    def type(self) -> str:
        return f"{settings.BASE_URL}{reverse('v3_problem', args=[self.slug])}"


BAD_REQUEST = Kind(
    "bad-request",
    400,
    _("This request cannot be read."),
    _("What came is no request that could be understood: its body is no JSON, for example."),
    _("Look at what your program sends. Nothing was changed."),
)
NO_TOKEN = Kind(
    "no-token",
    401,
    _("A key or an access token is needed."),
    _(
        "There is no “Authorization: Bearer …” header, or what stands in it opens nothing: it is "
        "unknown, was revoked, has ended, or belongs to somebody whose account is paused or to an "
        "application that is suspended."
    ),
    _("Make a key in your settings, under API, and send it as a bearer token."),
)
NO_SCOPE = Kind(
    "no-scope",
    403,
    _("This key may not do that."),
    _("Each key and each application has scopes, and this call needs one that it has not."),
    _("The scope that is needed stands in the answer. Make a key that has it."),
)
NOT_FOUND = Kind(
    "not-found",
    404,
    _("There is nothing here."),
    _(
        "There is no such thing, or none that is yours to see. Who is private, who is unknown and "
        "who does not let the API answer is told in the same words."
    ),
    _("Check the address. If somebody gave it to you, they may have taken it back."),
)
NO_SCORE = Kind(
    "no-score",
    404,
    _("There is no score yet."),
    _("Nothing was read so far from which a score could be computed, or none may be shown yet."),
    _("The answer says what there is to wait for, or to do."),
)
NO_METHOD = Kind(
    "no-method",
    405,
    _("This is not asked that way."),
    _("The address is right, the method is not."),
    _("The Allow header names the methods that are answered there."),
)
REFUSED = Kind(
    "refused",
    409,
    _("The rules say no."),
    _("The request was understood, and a rule of the product stands against it."),
    _("The answer says which one, and what was kept. Nothing was changed."),
)
UNDER_WAY = Kind(
    "under-way",
    409,
    _("The same request is being answered at this moment."),
    _("Another request with this Idempotency-Key has not been answered to the end yet."),
    _("Send it again in a second; then you get the answer of the first one."),
)
TOO_LARGE = Kind(
    "too-large",
    413,
    _("That is more than is read."),
    _("The body of the request is larger than any that makes sense here."),
    _("Send less than 64 KiB. Nothing was changed."),
)
NO_JSON = Kind(
    "no-json",
    415,
    _("Only JSON is read here."),
    _("The body is of a kind that is not understood, or does not say what it is."),
    _("Send JSON, with “Content-Type: application/json”. Nothing was changed."),
)
INVALID = Kind(
    "invalid",
    422,
    _("Something in the request is not right."),
    _("The request can be read, and something in it is missing, too long or of another kind."),
    _("The list “errors” says where and what. Nothing was changed."),
)
KEY_USED = Kind(
    "key-used",
    422,
    _("This Idempotency-Key stands for another request."),
    _("Within the last 24 hours a different request was made with the same Idempotency-Key."),
    _("Take a new key for a new request. Nothing was changed."),
)
TOO_MANY = Kind(
    "too-many",
    429,
    _("Too many requests."),
    _("This key asked more often than it may, or saw as many other members today as it may."),
    _("Wait as long as the Retry-After header says, in seconds."),
)
BROKEN = Kind(
    "broken",
    500,
    _("Something broke on our side."),
    _("It is not your doing."),
    _("Ask again in a minute. If it stays, tell whoever runs this site the “request_id”."),
)
AWAY = Kind(
    "away",
    503,
    _("This cannot be answered for the moment."),
    _("A part of this site is down or does not answer in time."),
    _("Send the same again in a few seconds; what was asked for has not been done."),
)

KINDS = (
    BAD_REQUEST, NO_TOKEN, NO_SCOPE, NOT_FOUND, NO_SCORE, NO_METHOD, REFUSED, UNDER_WAY,
    TOO_LARGE, NO_JSON, INVALID, KEY_USED, TOO_MANY, BROKEN, AWAY,
)  # fmt: skip
BY_SLUG = {kind.slug: kind for kind in KINDS}
# For what Django answers by itself below our addresses.
BY_STATUS = {400: BAD_REQUEST, 404: NOT_FOUND, 405: NO_METHOD, 413: TOO_LARGE, 503: AWAY}


class Problem(Exception):
    """Ends the request with this problem. `detail`: what happened in this very case."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    def response(self) -> HttpResponse:
        return told(self.kind, self.detail, headers=self.headers, **self.more)


def told(
    kind: Kind, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: Any
) -> HttpResponse:
    """The answer that tells of a problem; `more` are members of its own."""
    body: dict[str, Any] = {
        "type": kind.type,
        "title": str(kind.title),
        "status": kind.status,
        "detail": detail or f"{kind.meaning} {kind.then}",
        "request_id": request_id.current(),
    } | more
    response = HttpResponse(
        as_json(body), status=kind.status, content_type=MEDIA_TYPE, headers=dict(headers or {})
    )
    response["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True)
class Wrong:
    """One thing that is not right. `where`: body, query, path or header; `name`: what there."""

    where: str
    name: str
    what: str


def invalid(wrong: Sequence[Wrong]) -> Problem:
    said = [{"in": one.where, "name": one.name, "what": one.what} for one in wrong]
    detail = "; ".join(f"{one.name}: {one.what}" if one.name else one.what for one in wrong)
    return Problem(INVALID, detail, errors=said)
