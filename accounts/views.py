"""Invitations, and the mail page for trying out. Signing up and in is allauth's, our templates."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import registration
from accounts.mail import kept_mail, may_see_mail


@require_GET
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: on to the form while it can be used, else a page that says so."""
    if request.user.is_authenticated:
        messages.info(request, _("You are a member already. The invitation was not used."))
        return redirect("dashboard")
    if settings.REGISTRATION != registration.CLOSED and registration.is_valid(
        token, timezone.now()
    ):
        registration.keep(request, token)
        return redirect("account_signup")
    return render(request, "accounts/invitation_over.html", status=404)


@require_GET
@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    if not may_see_mail(request):
        raise Http404
    return render(request, "accounts/mail.html", {"mails": kept_mail()})
