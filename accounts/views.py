"""The export, and the mail page for trying out. Signing up and in is allauth's, our templates."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import Event, record
from accounts.mail import kept_mail, may_see_mail
from accounts.requests import fresh_sign_in_required, member_of
from accounts.services import export_member


@require_GET
@never_cache
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """A page that says what is in the export; `?download` is the file itself."""
    if "download" in request.GET:
        return download(request)
    return render(request, "accounts/export.html")


@fresh_sign_in_required
def download(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    response = JsonResponse(export_member(member_of(request), now), json_dumps_params={"indent": 2})
    record(member_of(request), Event.EXPORTED, now, request=request)
    response["Content-Disposition"] = f'attachment; filename="klout-{now:%Y-%m-%d}.json"'
    return response


@require_GET
@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    if not may_see_mail(request):
        raise Http404
    return render(request, "accounts/mail.html", {"mails": kept_mail()})
