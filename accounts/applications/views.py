"""Pages about applications: those that may act for a member, and those a member registered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.api_keys import Refused
from accounts.applications import grants, services
from accounts.applications.forms import ApplicationForm, NewApplicationForm
from accounts.applications.models import Application
from accounts.requests import fresh_sign_in_required, member_of

pages = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@never_cache
@login_required
def applications(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    let_in = services.let_in_by(member, timezone.now())
    context = {"let_in": let_in, "registered": member.applications.all()}
    return render(request, "accounts/applications/applications.html", context)


@require_POST
@login_required
def revoke(request: HttpRequest, client_id: str) -> HttpResponse:
    application = grants.revoke(member_of(request), client_id, timezone.now())
    if application is None:
        raise Http404
    said = _("%(name)s can do nothing in your name any more, from this moment on.")
    messages.success(request, said % {"name": application.name})
    return redirect("applications")


@pages
@never_cache
@login_required
@fresh_sign_in_required
def register(request: HttpRequest) -> HttpResponse:
    """Answers with the secret itself, which is kept nowhere else."""
    form = NewApplicationForm(request.POST or None)
    if request.method != "POST":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        application, secret = services.register(
            member_of(request),
            form.described(),
            timezone.now(),
            is_confidential=form.cleaned_data["kind"] == "server",
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form, status=409)
    return _secret(request, application, secret)


@pages
@never_cache
@login_required
@fresh_sign_in_required
def change(request: HttpRequest, client_id: str) -> HttpResponse:
    application = _own(request, client_id)
    now_said = {
        "name": application.name,
        "home_page": application.home_page,
        "redirect_uris": "\n".join(application.redirect_uris),
    }
    form = ApplicationForm(request.POST or None, initial=now_said)
    if request.method != "POST":
        return _form(request, form, application)
    if not form.is_valid():
        return _form(request, form, application, status=422)
    services.change(application, form.described(), timezone.now())
    messages.success(request, _("Saved. Members who let it in keep it as it is."))
    return redirect("application", client_id=application.client_id)


@require_POST
@never_cache
@login_required
@fresh_sign_in_required
def rotate_secret(request: HttpRequest, client_id: str) -> HttpResponse:
    application = _own(request, client_id)
    if not application.is_confidential:
        raise Http404
    secret = services.rotate_secret(application, timezone.now())
    return _secret(request, application, secret)


@require_POST
@login_required
@fresh_sign_in_required
def delete(request: HttpRequest, client_id: str) -> HttpResponse:
    application = _own(request, client_id)
    services.delete(application, timezone.now())
    said = _("%(name)s is deleted, and can do nothing in anybody's name any more.")
    messages.success(request, said % {"name": application.name})
    return redirect("applications")


def _own(request: HttpRequest, client_id: str) -> Application:
    mine = Application.objects.select_related("owner").filter(owner=member_of(request))
    return get_object_or_404(mine, client_id=client_id)


def _form(
    request: HttpRequest,
    form: ApplicationForm,
    application: Application | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "application": application}
    return render(request, "accounts/applications/application.html", context, status=status)


def _secret(request: HttpRequest, application: Application, secret: str) -> HttpResponse:
    context = {"application": application, "secret": secret}
    return render(request, "accounts/applications/secret.html", context)
