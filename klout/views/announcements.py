"""What all members are told: to read again, and to close."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import announcing
from accounts.requests import member_of
from klout.announcing import notice


@require_safe
@login_required
def announcements(request: HttpRequest) -> HttpResponse:
    """Everything that is announced now, also what the member has closed."""
    found = [notice(one) for one in announcing.current(timezone.now()).order_by("-pk")]
    return render(request, "pages/announcements.html", {"notices": found})


@require_POST
@login_required
def close(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Not shown to this member any more; it stays on the page of announcements."""
    if not announcing.dismiss(member_of(request), announcement_id, timezone.now()):
        raise Http404(_("There is no such announcement."))
    return redirect("dashboard")
