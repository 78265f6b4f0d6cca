"""The page for a visitor."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from klout.example import WAY, example
from klout.printed_rule import points_per_tenfold
from networks.registry import PLATFORMS

# Invented people and the published rule: the same for as long as the process runs.
EXAMPLE = example()
# The example shows more networks than this version can link; the page says which it can.
LINKABLE = [platform.label for platform in PLATFORMS.values() if platform.connector]


def landing(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("dashboard")
    context = {
        "example": EXAMPLE,
        "linkable": LINKABLE,
        "way": WAY,
        "may_join": get_adapter(request).is_open_for_signup(request),
        "per_tenfold": points_per_tenfold(),
        "allotment": settings.K_ALLOTMENT,
    }
    return render(request, "pages/landing.html", context)
