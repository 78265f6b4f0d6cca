"""A link that says who appreciates somebody, and the page it leads to."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import member_of
from gifting.invitations import LASTS, invitation, inviter


@login_required
@require_safe
def invite(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    token = invitation(member_of(request), now)
    link = settings.BASE_URL + reverse("for_you", args=[token])
    context = {"link": link, "token": token, "lasts_until": now + LASTS}
    return render(request, "gifting/invite.html", context)


@require_safe
def for_you(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link. Nothing is written down, and no cookie is set."""
    member = inviter(token, timezone.now())
    if member is None:
        raise Http404
    context = {"inviter": member, "allotment": settings.K_ALLOTMENT}
    response = render(request, "gifting/for_you.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
