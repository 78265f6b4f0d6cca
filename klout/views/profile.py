"""What others see of a member: the public profile, and a page shared by its address."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.sharing import note_opened
from klout import previews, showing
from klout.printed_rule import points_per_tenfold
from klout.showing import Shown
from scoring.charts import sonar


@require_safe
@never_cache
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """Somebody's public profile; a private one is the same 404 as none at all."""
    shown = showing.profile_at(name, timezone.now())
    if shown is None:
        raise Http404
    return page(request, shown)


@require_safe
@never_cache
def shared(request: HttpRequest, address: str) -> HttpResponse:
    """A page for whoever has its address; revoked, over and unknown are the same 404."""
    now = timezone.now()
    link = showing.find_link(address, now)
    if link is None:
        raise Http404
    note_opened(link, now)
    return page(request, showing.shown_link(link, now))


def page(request: HttpRequest, shown: Shown, *, is_trial: bool = False) -> HttpResponse:
    """`is_trial`: its owner looks at it before others do."""
    sight = previews.sight_of(shown)
    picture = reverse("preview", args=[shown.preview]) if shown.preview else ""
    key = previews.key_of(sight)[:8]
    context = {
        "shown": shown,
        "is_trial": is_trial,
        "per_tenfold": points_per_tenfold(),
        "sonar": sonar(shown.score.whole, shown.score.low, shown.score.high, ())
        if shown.score
        else None,
        "address": f"{settings.BASE_URL}{shown.path}",
        "picture": f"{settings.BASE_URL}{picture}?v={key}" if picture else "",
    }
    answer = render(request, "pages/profile.html", context)
    if not shown.is_indexed or is_trial:
        answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
