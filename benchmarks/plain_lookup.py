"""The measure of a lookup: the same answer by the ORM alone, with nothing counted and nothing kept.

It looks up the key, the member and the scores, each time, behind the same middleware.
"""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from accounts.api_keys import digest_of, holder_of
from klout.api.classic import lookups, wire


def view(request: HttpRequest, kloutid: str) -> JsonResponse:
    now = timezone.now()
    holder = holder_of(digest_of(request.GET["key"]), now.date())
    presence = lookups.by_kloutid(kloutid, now)
    if holder is None or presence is None:
        return JsonResponse({}, status=404)
    figures = lookups.figures_of([presence.member_id], now)
    return JsonResponse(wire.score(figures[presence.member_id]))
