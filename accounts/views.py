"""The settings, and the mail page for trying out. Signing up and in is allauth's, our templates."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import registration
from accounts.forms import NameForm
from accounts.mail import kept_mail, may_see_mail
from accounts.requests import fresh_sign_in_required, member_of
from accounts.selectors import ways_in
from accounts.services import erase_member


@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    form = NameForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your name is saved.")
        return redirect("settings")
    return render(request, "accounts/settings.html", {"form": form, "ways": ways_in(member)})


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=member_of(request))
    session.end()
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")


@never_cache
@login_required
@fresh_sign_in_required
def delete(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/delete.html")
    member = member_of(request)
    erase_member(member, timezone.now())
    logout(request)
    messages.success(request, "Your account and what belonged to it are deleted.")
    return redirect("landing")


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
