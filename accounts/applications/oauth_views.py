"""The endpoints of OAuth 2.0: one for members, where they are asked, and those for programs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.applications import asking, server
from accounts.applications.forms import ConsentForm
from accounts.requests import fresh_sign_in_required, member_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@fresh_sign_in_required
def authorize(request: HttpRequest) -> HttpResponse:
    """What an application asks for, in plain words; the answer of the member leads back to it."""
    member = member_of(request)
    try:
        asked = asking.question(request, timezone.now())
        if not member.takes_part:
            raise asking.Wrong(_("Your account is paused, and nothing acts for it meanwhile."))
    except asking.Wrong as wrong:
        return render(request, "accounts/applications/wrong.html", {"wrong": wrong}, status=400)
    if request.method != "POST":
        return _asked(request, asked, ConsentForm(asked.scopes))
    if request.POST.get("answer") != "yes":
        return _lead_back(request, asked, asking.refuse(asked))
    form = ConsentForm(asked.scopes, request.POST)
    if not form.is_valid():
        return _asked(request, asked, form, status=422)
    ticked = form.cleaned_data["scopes"]
    return _lead_back(request, asked, asking.allow(asked, member, ticked))


def _asked(
    request: HttpRequest, asked: asking.Question, form: ConsentForm, *, status: int = 200
) -> HttpResponse:
    context = {"asked": asked, "form": form}
    return render(request, "accounts/applications/consent.html", context, status=status)


def _lead_back(request: HttpRequest, asked: asking.Question, address: str) -> HttpResponse:
    """A page that leads on by itself, and not a redirect.

    Browsers hold the redirects that follow a form to `form-action 'self'`, those of the
    application's own site as well.
    """
    context = {"asked": asked, "address": address}
    return render(request, "accounts/applications/way_back.html", context)


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Tokens for a code, or for a refresh token. No cookie counts here."""
    return server.token_response(request, timezone.now())


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """The application gives back what it was allowed (RFC 7009)."""
    return server.revocation_response(request, timezone.now())


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return JsonResponse(server.metadata(), headers={"Access-Control-Allow-Origin": "*"})
