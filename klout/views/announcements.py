"""What all members are told: to read again, to close, and by mail or not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import announcing
from accounts.requests import member_of
from klout.announcing import notice


@login_required
def announcements(request: HttpRequest) -> HttpResponse:
    """Everything that is announced now, and whether it comes by mail as well."""
    member, now = member_of(request), timezone.now()
    if request.method == "POST":
        wants = "mail" in request.POST
        announcing.choose_mail(member, wants=wants)
        told = _("Announcements come by mail as well.") if wants else _("No mail about them.")
        messages.success(request, told)
        return redirect("announcement_mail")
    found = [notice(one) for one in announcing.current(now).order_by("-pk")]
    return render(request, "pages/announcements.html", {"notices": found})


@require_POST
@login_required
def close(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Not shown to this member any more; it stays on the page of announcements."""
    if not announcing.dismiss(member_of(request), announcement_id, timezone.now()):
        raise Http404(_("There is no such announcement."))
    return redirect("dashboard")
