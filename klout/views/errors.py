"""Pages for what went wrong: what happened, what was kept, what to do next.

Those for 403 and 404 are Django's views with our templates. These here say more than Django's do,
or must not ask anything: where the database is away, a page that wants to know who is signed in
would break a second time.
"""

import sys
from datetime import timedelta

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone, translation

from klout import request_id

# The longest time for which any limit of sign-in and sign-up holds (`login_failed` of allauth).
LONGEST_WAIT = timedelta(minutes=5)
# A database that restarts is back within this.
DATABASE_IS_BACK = timedelta(seconds=30)
_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_AWAY = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing of such a request is used, so this page knows nobody."""
    if isinstance(exception, _TOO_LARGE):
        return _bare(request, "413.html", 413)
    return _bare(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke, or the database does not answer: then it says so, and when to come again."""
    if isinstance(sys.exception(), _AWAY):
        response = _bare(request, "503.html", 503)
        response["Retry-After"] = str(int(DATABASE_IS_BACK.total_seconds()))
        return response
    return _bare(request, "500.html", 500)


def too_many(request: HttpRequest) -> HttpResponse:
    """For allauth, which limits tries by address and by account but does not tell which limit."""
    now = timezone.now()
    response = render(request, "429.html", {"again_at": now + LONGEST_WAIT}, status=429)
    response["Retry-After"] = str(int(LONGEST_WAIT.total_seconds()))
    return response


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Without a masthead, context processors or the database, in the language of the browser."""
    chosen = getattr(request, "LANGUAGE_CODE", None)
    with translation.override(chosen or translation.get_language_from_request(request)):
        context = {
            "LANGUAGE_CODE": translation.get_language(),
            "LANGUAGE_BIDI": translation.get_language_bidi(),
            "request_id": request_id.current(),
        }
        return HttpResponse(loader.render_to_string(template, context), status=status)
