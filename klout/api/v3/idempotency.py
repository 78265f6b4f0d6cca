"""The same write again is the same answer, and is done once: the Idempotency-Key header.

Kept for 24 hours, by key or application. What was refused or could not be answered changed
nothing and is not kept, so it may be asked again with the same key.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts import api_answers
from accounts.api_models import KEY_MOST
from klout.api.v3.auth import Caller
from klout.api.v3.problems import KEY_USED, UNDER_WAY, Problem, Wrong, invalid

HEADER = "Idempotency-Key"
REPEATED = "Idempotency-Replayed"
# How a key is written.
WRITTEN = "[!-~]+"


def once(
    request: HttpRequest, caller: Caller, now: datetime, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do it, unless the same request was done already. Raises Problem."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if len(key) > KEY_MOST or not re.fullmatch(WRITTEN, key):
        said = f"From 1 to {KEY_MOST} printable characters of ASCII, without spaces."
        raise invalid([Wrong("header", HEADER, said)])
    asked = _digest_of(request)
    try:
        with transaction.atomic():
            kept = api_answers.answer_before(caller.counted_as, key, asked, now)
            if kept is not None:
                return _again(kept.status, kept.body)
            response = act()
            if response.status_code < 300:
                body = response.content.decode()
                status = response.status_code
                api_answers.keep(caller.member, caller.counted_as, key, asked, status, body, now)
            else:
                transaction.set_rollback(True)
            return response
    except api_answers.UnderWay:
        raise Problem(UNDER_WAY, headers={"Retry-After": "1"}) from None
    except api_answers.KeyUsed:
        raise Problem(KEY_USED) from None


def _digest_of(request: HttpRequest) -> str:
    """Of what makes two requests the same."""
    said = b"\0".join(
        (str(request.method).encode(), request.get_full_path().encode(), request.body)
    )
    return hashlib.sha256(said).hexdigest()


def _again(status: int, body: str) -> HttpResponse:
    response = HttpResponse(body.encode(), status=status, content_type="application/json")
    response[REPEATED] = "true"
    return response
