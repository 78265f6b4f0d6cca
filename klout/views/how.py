"""The rule in words and symbols, and what it cannot tell."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from klout.printed_rule import printed_rule
from networks.known_hosts import PEOPLE_TO_BE_KNOWN


def how(request: HttpRequest) -> HttpResponse:
    context = {
        "rule": printed_rule(),
        "night_at": settings.NIGHT_AT,
        "backfill_days": settings.BACKFILL_DAYS,
        "known_after": PEOPLE_TO_BE_KNOWN,
        "allotment": settings.K_ALLOTMENT,
    }
    return render(request, "pages/how.html", context)
