"""Who asks: the holder of a bearer token, and never the session of a browser.

A cookie is sent by the browser whoever wrote the page, a token only by whoever has it; so no call
here can be made in a member's name by a page of somebody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from accounts import api_keys
from accounts.applications import grants
from accounts.models import Member

# Longer than any token; what is longer is not looked for.
TOKEN_MOST = 500


@dataclass(frozen=True)
class Caller:
    """A member's key, or an application that they let in.

    `counted_as`: under which name its requests are counted, the same for the same key or grant.
    `name`: what the member calls the key, or what the application is called.
    """

    member: Member
    scopes: frozenset[str]
    counted_as: str
    name: str


# From the token and the moment to whoever holds it; None for a token that is none of theirs.
Source = Callable[[str, datetime], Caller | None]


def by_key(token: str, now: datetime) -> Caller | None:
    """A key that the member made in the settings."""
    key = api_keys.key_of(api_keys.digest_of(token), now.date())
    if key is None:
        return None
    return Caller(key.member, frozenset(key.scopes), key.digest, key.name)


def by_grant(token: str, now: datetime) -> Caller | None:
    """An access token of an application that the member let in.

    All that a member allowed one application counts together, however many devices it is on.
    """
    grant = grants.opened_by(token, now)
    if grant is None:
        return None
    counted_as = f"application {grant.application_id} of {grant.member_id}"
    return Caller(grant.member, frozenset(grant.access_scopes), counted_as, grant.application.name)


# Asked in this order until one knows the token; the first asks nothing for tokens not its own.
SOURCES: tuple[Source, ...] = (by_grant, by_key)


def bearer(request: HttpRequest, now: datetime) -> Caller | None:
    """Whose token stands in the Authorization header; None without one that opens anything."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not 0 < len(token) <= TOKEN_MOST:
        return None
    return next((found for source in SOURCES if (found := source(token, now))), None)
