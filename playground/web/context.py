"""What every page shows: where we are and as whom."""

from typing import Any

from django.http import HttpRequest

from playground import clock, here, settings
from playground.people import Person


def visitor(request: HttpRequest) -> dict[str, Any]:
    return {"me": me(request), "domain": settings.DOMAIN}


def me(request: HttpRequest) -> Person | None:
    """Who the browser is signed in as."""
    account_id = request.session.get("account_id")
    return here.world(clock.now()).population.by_id(account_id) if account_id else None
