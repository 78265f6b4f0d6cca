"""Deleting an account, and the page on which that is undone."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import leaving
from accounts.requests import fresh_sign_in_required, member_of

LOOK_AGAIN_SECONDS = 30


@never_cache
@login_required
@fresh_sign_in_required
def delete(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; a POST stops and hides everything at once."""
    if request.method != "POST":
        minutes = int(leaving.UNDO_FOR.total_seconds() // 60)
        return render(request, "accounts/delete.html", {"minutes": minutes})
    token = leaving.ask(member_of(request), timezone.now(), request)
    logout(request)
    return redirect("leaving", token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Where a deletion stands, for whoever has the link; a POST undoes it."""
    now = timezone.now()
    if request.method == "POST" and leaving.undo(token, now, request):
        messages.success(
            request, _("The deletion is undone, and everything is as it was. Please sign in.")
        )
        return redirect("account_login")
    found = leaving.look(token, now)
    if found is None:
        raise Http404
    response = render(request, "accounts/leaving.html", {"leaving": found, "token": token})
    if found.can_undo:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response
