"""Invitations to sign up: made here, shown once, taken back."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import registration
from accounts.operator_models import Invitation
from accounts.requests import member_of
from klout.admin.forms import InvitationForm
from klout.admin.site import site

SHOWN = 100


def invitations(request: HttpRequest) -> HttpResponse:
    now, link = timezone.now(), ""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = registration.invite(member_of(request), now, form.cleaned_data["note"])
        # Shown in this answer and nowhere else: only its hash is kept.
        link = settings.BASE_URL + reverse("invitation", args=[token])
        form = InvitationForm()
    made = Invitation.objects.select_related("used_by").order_by("-pk")[:SHOWN]
    context = {
        **site.each_context(request),
        "title": _("Invitations"),
        "form": form,
        "link": link,
        "invitations": made,
        "now": now,
        "way": settings.REGISTRATION,
        "days": registration.LASTS_FOR.days,
    }
    return render(request, "operator/invitations.html", context)


@require_POST
def take_back(request: HttpRequest, invitation_id: int) -> HttpResponse:
    if registration.take_back(member_of(request), invitation_id, timezone.now()):
        messages.success(request, _("Nobody can use that invitation any more."))
    else:
        messages.info(request, _("That invitation was used or taken back before."))
    return redirect("admin:invitations")
