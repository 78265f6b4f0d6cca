"""The pages of webhooks."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.api_keys import Refused
from accounts.requests import fresh_sign_in_required, member_of
from accounts.webhooks.models import Happening, Webhook, WebhookMessage
from klout.webhooks import services
from klout.webhooks.forms import WebhookForm
from networks.problems import PROBLEMS

pages = require_http_methods(["GET", "HEAD", "POST"])
MESSAGES_SHOWN = 20


@dataclass(frozen=True)
class Shown:
    """A message with what became of it in words."""

    message: WebhookMessage
    what: str
    answer: str


@require_safe
@never_cache
@login_required
def webhooks(request: HttpRequest) -> HttpResponse:
    """All of a member's webhooks."""
    shown = [(webhook, _labels(webhook)) for webhook in member_of(request).webhooks.all()]
    return render(request, "pages/webhooks/webhooks.html", {"webhooks": shown})


def _labels(webhook: Webhook) -> list[str]:
    return [str(Happening(one).label) for one in webhook.happenings]


@pages
@never_cache
@login_required
@fresh_sign_in_required
def add(request: HttpRequest) -> HttpResponse:
    """Answers with the secret itself, which is shown nowhere else."""
    form = WebhookForm(request.POST or None)
    if request.method != "POST":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    said = form.cleaned_data
    try:
        webhook, secret = services.add(
            member_of(request), said["url"], said["happenings"], timezone.now()
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form, status=409)
    return _secret(request, webhook, secret, is_new=True)


def _form(request: HttpRequest, form: WebhookForm, *, status: int = 200) -> HttpResponse:
    return render(request, "pages/webhooks/add.html", {"form": form}, status=status)


def _secret(request: HttpRequest, webhook: Webhook, secret: str, *, is_new: bool) -> HttpResponse:
    context = {"webhook": webhook, "secret": secret, "is_new": is_new}
    return render(request, "pages/webhooks/secret.html", context)


@pages
@never_cache
@login_required
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: what is told there, and what was lately. A POST changes it."""
    mine = _own(request, pk)
    now_said = {"url": mine.url, "happenings": mine.happenings}
    form = WebhookForm(request.POST or None, initial=now_said)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return _page(request, mine, form, status=status)
    services.change(mine, form.cleaned_data["url"], form.cleaned_data["happenings"], timezone.now())
    messages.success(request, _("Saved."))
    return _back_to(mine)


def _page(request: HttpRequest, mine: Webhook, form: WebhookForm, *, status: int) -> HttpResponse:
    lately = mine.messages.order_by("-happened_at", "-pk")[:MESSAGES_SHOWN]
    host = urlsplit(mine.url).hostname or ""
    context = {
        "webhook": mine,
        "form": form,
        "lately": [_shown(message, host) for message in lately],
        "host": host,
    }
    return render(request, "pages/webhooks/webhook.html", context, status=status)


def _shown(message: WebhookMessage, host: str) -> Shown:
    what = str(Happening(message.happening).label)
    if message.status is not None:
        return Shown(message, what, _("Answered %(status)s.") % {"status": message.status})
    if message.problem in PROBLEMS:
        return Shown(message, what, PROBLEMS[message.problem].happened(host))
    if message.problem:
        return Shown(message, what, _("Its secret cannot be read here any more. Make a new one."))
    return Shown(message, what, "")


@require_POST
@login_required
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    mine, now = _own(request, pk), timezone.now()
    if request.POST.get("on") == "1":
        services.switch_on(mine, now)
        messages.success(request, _("Switched on: what happens from now on is told there."))
    else:
        services.switch_off(mine, Webhook.Off.MEMBER, now)
        messages.success(request, _("Switched off: nothing is told there any more."))
    return _back_to(mine)


@require_POST
@login_required
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _own(request, pk)
    try:
        services.send_test(mine, timezone.now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("A test is on its way. What became of it stands below."))
    return _back_to(mine)


@require_POST
@login_required
def send_again(request: HttpRequest, pk: int, message_id: int) -> HttpResponse:
    mine = _own(request, pk)
    try:
        if not services.send_again(mine, message_id, timezone.now()):
            raise Http404
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("It is on its way once more."))
    return _back_to(mine)


@require_POST
@never_cache
@login_required
@fresh_sign_in_required
def rotate_secret(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _own(request, pk)
    secret = services.rotate_secret(mine, timezone.now())
    return _secret(request, mine, secret, is_new=False)


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    services.delete(_own(request, pk), timezone.now())
    messages.success(request, _("The webhook is deleted, and nothing is told there any more."))
    return redirect("webhooks")


def _own(request: HttpRequest, pk: int) -> Webhook:
    mine = Webhook.objects.select_related("member").filter(member=member_of(request))
    return get_object_or_404(mine, pk=pk)


def _back_to(mine: Webhook) -> HttpResponse:
    return redirect("webhook", pk=mine.pk)
