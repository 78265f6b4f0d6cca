"""What neither Django nor django-csp does: some headers, and the member's language and time."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.sessions import is_over, note_seen

GetResponse = Callable[[HttpRequest], HttpResponse]


def permissions_policy(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def member_choices(get_response: GetResponse) -> GetResponse:
    """Speak the language and show the times that a member chose; visitors get their browser's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return get_response(request)
        if is_over(request, timezone.now()):
            logout(request)
            return get_response(request)
        if user.language and translation.check_for_language(user.language):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        note_seen(request, timezone.now())
        with timezone.override(zone_of(user.time_zone)):
            response = get_response(request)
        response.headers["Content-Language"] = translation.get_language() or ""
        return response

    return middleware


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC for none, and for one that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
