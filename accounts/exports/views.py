"""The pages for taking one's data along."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import Event, record
from accounts.exports import services
from accounts.exports.making import KEPT_FOR
from accounts.requests import fresh_sign_in_required, fresh_sign_in_required_if, member_of

LOOK_AGAIN_SECONDS = 3


def _is_to_begin(request: HttpRequest) -> bool:
    """Whether the page is asked to let the download begin by itself."""
    return "download" in request.GET


@never_cache
@login_required
@fresh_sign_in_required_if(_is_to_begin)
def export(request: HttpRequest) -> HttpResponse:
    """What is in it, how far it is, and the file; while it is made the page looks again itself.

    The download begins on this page, and not at its own address: a browser that was led to a file
    stays on the page before it, which would be the one that asked for the password.
    """
    member, now = member_of(request), timezone.now()
    if request.method == "POST":
        services.ask(member, now)
        return redirect("export_member")
    state = services.state(member, now)
    context = {
        "state": state,
        "kept_days": KEPT_FOR.days,
        "can_ask": state is None or state.may_ask_again,
        "begins": _is_to_begin(request),
        "parts": services.PART_NAMES.values(),
    }
    response = render(request, "accounts/export.html", context)
    if state and state.is_under_way:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    elif state and state.export.ready_at and _is_to_begin(request):
        response["Refresh"] = f"0; url={reverse('download_export', args=[state.export.pk])}"
    return response


@require_GET
@never_cache
@login_required
@fresh_sign_in_required
def download(request: HttpRequest, export_id: int) -> HttpResponse:
    """The file, for its owner alone."""
    member, now = member_of(request), timezone.now()
    path = services.file_of(member, export_id, now)
    if path is None:
        raise Http404(_("There is no such export, or it has expired."))
    record(member, Event.EXPORTED, now, request=request)
    # A response that streams; the decorators around it know but one kind.
    file: Any = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"klout-{now:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    return cast(HttpResponse, file)
