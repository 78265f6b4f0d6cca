"""The link in the weekly mail that stops it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.stopping import stop_page
from klout.digest import WEEKLY_MAIL
from networks.sonobuoy import answers


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_weekly(request: HttpRequest, token: str) -> HttpResponse:
    return stop_page(request, WEEKLY_MAIL, token, answers.stop_weekly)
