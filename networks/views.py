"""The pages about linked accounts. Somebody else's account is not found."""

import logging
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from celery.exceptions import OperationalError as CeleryError
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError as BrokerError

from networks import about_pages, consents, services
from networks.charts import pulse_bars
from networks.first_read import first_read
from networks.forms import FindableForm, LinkForm
from networks.models import LinkedAccount
from networks.oauth import by_number
from networks.registry import NOT_OFFERED, PLATFORMS
from networks.selectors import account_cards
from networks.spending import estimate_sentence
from networks.tasks import poll_due
from networks.visitors import member_of as _member
from networks.visitors import session_key_of as _session_key

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 3
# A page waits for the broker, so it is asked once: by itself kombu goes on for six seconds.
ASKED_ONCE = {"max_retries": 0, "socket_connect_timeout": 0.5, "socket_timeout": 0.5}


@login_required
@require_GET
def networks(request: HttpRequest) -> HttpResponse:
    cards = account_cards(_member(request), timezone.now())
    context = {
        "cards": [(card, pulse_bars(card.pulse)) for card in cards],
        "platforms": [
            (platform, services.needs_sentence(platform.key))
            for platform in PLATFORMS.values()
            if platform.connector
        ],
        "not_offered": NOT_OFFERED.items(),
        "playground": _playground(),
        "consents": consents.consents_of(_member(request)),
    }
    return render(request, "networks/networks.html", context)


@login_required
@require_GET
def about(request: HttpRequest, name: str) -> HttpResponse:
    """What is read of a network, what counts and what it costs; or why it is not offered."""
    if name not in about_pages.names():
        raise Http404
    title, body = about_pages.page(name)
    return render(request, "networks/about.html", {"title": title, "body": body})


@login_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, platform: str) -> HttpResponse:
    """The form, and after it a page with the way to the consent page.

    That page answers the POST itself: a redirect to another origin after a form is refused under
    `form-action 'self'`, and the address with its one-time state is then kept nowhere.
    """
    if platform not in PLATFORMS or not PLATFORMS[platform].connector:
        raise Http404
    if PLATFORMS[platform].proof:
        return redirect("prove")
    typed = request.GET.get("typed", "")
    chosen = PLATFORMS[platform]
    form = LinkForm(chosen, request.POST or None, initial={"typed": typed})
    if request.method == "POST" and form.is_valid():
        try:
            url = services.start_link(
                _member(request),
                _session_key(request),
                platform,
                form.cleaned_data.get("typed", ""),
                form.cleaned_data["findable"],
                timezone.now(),
            )
        except services.LinkError as error:
            form.add_error("typed" if chosen.typed else None, error.sentence)
        else:
            return _way(request, platform, url)
    needs = services.needs_sentence(platform)
    context = {
        "form": form,
        "platform": chosen,
        "needs": needs,
        "estimate": "" if needs else estimate_sentence(platform),
        "playground": _playground() if platform == "mastodon" else "",
    }
    return render(request, "networks/link.html", context)


@require_GET
def bluesky_client(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What this site is, for the servers that are asked for consent: nobody is signed in here."""
    description = services.describe_to_bluesky()
    if description is None:
        raise Http404
    return JsonResponse(description)


def _by_our_own_name(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Some servers send people back to 127.0.0.1 where they came from localhost (RFC 8252, 8.3).

    They are signed in under the name they use, so they are sent on to it, with what they bring.
    """

    @wraps(view)
    def named(request: HttpRequest, **kwargs: str) -> HttpResponse:
        site, came_to = settings.BASE_URL, f"{request.scheme}://{request.get_host()}"
        if came_to != site and came_to == by_number(site):
            return redirect(f"{site}{request.get_full_path()}")
        return view(request, **kwargs)

    return named


@never_cache
@_by_our_own_name
@login_required
@require_GET
def callback(request: HttpRequest, platform: str, host: str) -> HttpResponse:
    try:
        account = services.finish_link(
            _member(request),
            _session_key(request),
            request.GET.get("state", ""),
            request.GET.get("code", ""),
            timezone.now(),
            request.GET.get("error", ""),
            platform=platform,
            host=host,
            issuer=request.GET.get("iss", ""),
        )
    except services.LinkError as error:
        messages.warning(request, error.sentence)
        return redirect("networks")
    messages.success(request, _("{handle} is linked.").format(handle=account.handle))
    read_at_once(request)
    return redirect("account_progress", account.pk)


@login_required
@require_GET
def progress(request: HttpRequest, account_id: int) -> HttpResponse:
    """What the first read is doing; asks again by itself, also without JavaScript."""
    account, now = _own(request, account_id), timezone.now()
    if account.first_read_done_at:
        return redirect("dashboard")
    cards = account_cards(_member(request), now)
    card = next(card for card in cards if card.account.pk == account.pk)
    context = {
        "card": card,
        "read": first_read(account, now),
        "looks_again": not card.needs_consent,
        "looks_again_after": LOOK_AGAIN_SECONDS,
    }
    return render(request, "networks/progress.html", context)


@login_required
@require_POST
def read_now(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _own(request, account_id)
    try:
        services.request_poll(account, timezone.now())
    except services.LinkError as error:
        messages.warning(request, error.sentence)
    else:
        messages.success(request, _("{handle} is being read again.").format(handle=account.handle))
        read_at_once(request)
    return redirect("networks")


@login_required
@require_POST
def relink(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _own(request, account_id)
    if PLATFORMS[account.platform].proof:
        return redirect(f"{reverse('prove')}?{urlencode({'typed': account.url})}")
    try:
        url = services.start_relink(account, _session_key(request), timezone.now())
    except services.LinkError as error:
        messages.warning(request, error.sentence)
        return redirect("networks")
    return _way(request, account.platform, url)


@login_required
@require_POST
def findable(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _own(request, account_id)
    form = FindableForm(request.POST)
    if form.is_valid():
        services.set_findable(account, form.cleaned_data["findable"], timezone.now())
        if form.cleaned_data["findable"]:
            told = _("People who know {handle} can find you here and give you K.")
        else:
            told = _("People who know {handle} cannot find you here and give you K.")
        messages.success(request, told.format(handle=account.handle))
    else:
        messages.warning(request, str(form.errors["findable"][0]))
    return redirect("networks")


@login_required
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _own(request, account_id)
    if request.method == "POST":
        messages.success(request, services.unlink(account, timezone.now()))
        return redirect("networks")
    return render(request, "networks/unlink.html", {"account": account})


def _way(request: HttpRequest, platform: str, url: str) -> HttpResponse:
    host = urlsplit(url).netloc
    context = {
        "url": url,
        "host": host,
        "platform": PLATFORMS[platform],
        "estimate": estimate_sentence(platform),
        "is_pretend": platform == "mastodon" and host in settings.DEVELOPMENT_HOSTS,
    }
    return render(request, "networks/continue.html", context)


def read_at_once(request: HttpRequest) -> None:
    """A hint that something is due; without a broker the next round of beat finds it."""
    try:
        with poll_due.app.connection_for_write(transport_options=ASKED_ONCE) as broker:
            poll_due.apply_async(retry=False, connection=broker)
    except (CeleryError, BrokerError):
        logger.warning("no broker: what is due waits for the next round")
        messages.info(
            request,
            _(
                "A part of this site is not running at the moment. Reading begins by itself when "
                "it is back; nothing is lost, and there is nothing for you to do."
            ),
        )


def _playground() -> str:
    """The pretend network to try things with, while developing."""
    return str(settings.DEVELOPMENT_HOSTS[0]) if settings.DEVELOPMENT_HOSTS else ""


def _own(request: HttpRequest, account_id: int) -> LinkedAccount:
    return get_object_or_404(LinkedAccount, member=_member(request), pk=account_id)
