"""The rule in words and symbols, and what it cannot tell."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gifting import periods
from klout.measured import held_back, lands, measured
from klout.printed_rule import printed_rule, versions
from networks.known_hosts import PEOPLE_TO_BE_KNOWN
from scoring.bands import PEOPLE_AT_LEAST
from scoring.selectors import distribution
from scoring.trust import ON_PERCENT


def how(request: HttpRequest) -> HttpResponse:
    context = {
        "rule": printed_rule(),
        "trust": {"on_percent": ON_PERCENT},
        "versions": versions(),
        "lands": lands(),
        "measured": measured(),
        "held_back": held_back(),
        "bands": distribution(),
        "people_at_least": PEOPLE_AT_LEAST,
        "night_at": settings.NIGHT_AT,
        "backfill_days": settings.BACKFILL_DAYS,
        "known_after": PEOPLE_TO_BE_KNOWN,
        "allotment": settings.K_ALLOTMENT,
        "undo_minutes": periods.UNDO_WINDOW // timedelta(minutes=1),
        "kept_days": periods.KEPT_AFTER_RETURN.days,
        "returned_days": periods.RETURNED_WITHIN.days,
    }
    return render(request, "pages/how.html", context)
