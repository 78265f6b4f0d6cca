"""What all members are told, written by the operator; rules announce themselves."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import announcing
from accounts.operator_models import Announcement
from accounts.requests import member_of
from klout.admin.forms import AnnouncementForm
from klout.admin.site import site

SHOWN = 50


def announcements(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        until = now + timedelta(days=told["days"])
        announcing.announce(member_of(request), told["title"], told["text"], until, now)
        messages.success(request, _("Announced. Members see it on their next page."))
        return redirect("admin:announcements")
    context = {
        **site.each_context(request),
        "title": _("Announcements"),
        "form": form,
        "announcements": Announcement.objects.order_by("-pk")[:SHOWN],
        "now": now,
    }
    return render(request, "operator/announcements.html", context)


@require_POST
def withdraw(request: HttpRequest, announcement_id: int) -> HttpResponse:
    if announcing.withdraw(member_of(request), announcement_id, timezone.now()):
        messages.success(request, _("Withdrawn. Nobody sees it any more."))
    return redirect("admin:announcements")
