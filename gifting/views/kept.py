"""People kept in mind: the list, the form, and two ways to reach the form from anywhere."""

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.paging import page_of
from accounts.requests import member_of
from gifting import selectors
from gifting.forms import KeepForm, ReasonForm, plain
from gifting.handles import from_url
from gifting.links import is_plain_https
from gifting.looking import WINDOW, may_look
from gifting.member_models import KeptInMind
from gifting.models import WORDS_MAX
from gifting.refusals import TOO_MANY_LOOKS, NotYours, Refusal
from gifting.services import keeping
from gifting.services.keeping import Remembered
from gifting.views.slower import slower
from language import isolated

KEPT_PER_PAGE = 20
# More of it than this is no address, handle or title.
SHARED_MAX = 2_000
_URL = re.compile(r"https?://\S+")


@login_required
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    page = page_of(request.GET)
    first = (page - 1) * KEPT_PER_PAGE
    people = selectors.kept_in_mind(member_of(request), first=first, count=KEPT_PER_PAGE + 1)
    context = {
        "people": people[:KEPT_PER_PAGE],
        "newer": page - 1,
        "older": page + 1 if len(people) > KEPT_PER_PAGE else None,
    }
    return render(request, "gifting/kept.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """A form that may come filled in, from a page of ours or shared from elsewhere."""
    member, now = member_of(request), timezone.now()
    if request.method != "POST":
        start = _shared(request.GET)
        known = selectors.kept_handle(member, start["platform"], start["handle"])
        return _keep_page(request, KeepForm(initial=start | _noted(known, start)), known)
    if not may_look(member, now):
        return slower(request, str(TOO_MANY_LOOKS), WINDOW)
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _keep_page(request, form)
    try:
        keeping.keep_handle(member, Remembered(**form.cleaned_data), now)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _keep_page(request, form)
    called = form.cleaned_data["name"] or form.cleaned_data["handle"]
    messages.success(
        request, _("{called} is kept in mind. Only you see this.").format(called=isolated(called))
    )
    return redirect("kept")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keep_other_side(request: HttpRequest, address: str, step: int) -> HttpResponse:
    """Keep whoever one exchanged this K with, whether or not a handle of theirs is known."""
    member, now = member_of(request), timezone.now()
    try:
        other = keeping.other_side(member, address, step)
        known = selectors.kept_hand(member, other)
        form = ReasonForm(request.POST or None, initial=_noted(known, {}))
        if request.method != "POST" or not form.is_valid():
            return _keep_page(request, form, known, whom=other.shown_name)
        keeping.keep_other_side(member, address, step, Remembered(**form.cleaned_data), now)
    except NotYours:
        raise Http404 from None
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request,
            _("{shown_name} is kept in mind. Only you see this.").format(
                shown_name=isolated(other.shown_name)
            ),
        )
    return redirect("kept")


def _keep_page(
    request: HttpRequest, form: ReasonForm, known: KeptInMind | None = None, whom: str = ""
) -> HttpResponse:
    context = {"form": form, "is_kept": known is not None, "whom": whom}
    return render(request, "gifting/keep.html", context)


def _noted(known: KeptInMind | None, start: dict[str, str]) -> dict[str, str]:
    """What the keeper wrote before stands in the form, not what was shared now."""
    if known is None:
        return {}
    return {
        "name": known.name or start.get("name", ""),
        "reason": known.reason or start.get("reason", ""),
        "link": known.link or start.get("link", ""),
    }


def _shared(query: QueryDict) -> dict[str, str]:
    """What an address or a shared page says about a person: to look over, nothing is stored."""
    said = {name: plain(query.get(name, "")[:SHARED_MAX]) for name in query}
    found = _URL.search(f"{said.get('url', '')} {said.get('text', '')}")
    url = found[0] if found else ""
    known = from_url(url) if url else None
    link = said.get("link", url)
    return {
        "platform": said.get("platform", known.platform if known else "mastodon"),
        # `to`: from the give page, where nobody was found.
        "handle": said.get("handle") or said.get("to") or (known.handle if known else ""),
        "name": said.get("name", "")[:80],
        "link": link if _may_stand(link) else "",
        "reason": (said.get("title") or _URL.sub("", said.get("text", "")).strip())[:WORDS_MAX],
    }


def _may_stand(link: str) -> bool:
    try:
        return is_plain_https(link)
    except ValueError:
        return False


@login_required
@require_POST
def forget(request: HttpRequest, kept_id: int) -> HttpResponse:
    try:
        keeping.forget(member_of(request), kept_id)
    except NotYours:
        raise Http404 from None
    messages.success(request, _("Taken out of the list, with what you wrote."))
    return redirect("kept")


@login_required
@require_POST
def noted(request: HttpRequest, kept_id: int) -> HttpResponse:
    try:
        keeping.note_news(member_of(request), kept_id, timezone.now())
    except NotYours:
        raise Http404 from None
    return redirect("kept")


@login_required
@require_safe
def how_to_keep(request: HttpRequest) -> HttpResponse:
    """How to reach the form from any page of the web."""
    form = settings.BASE_URL + reverse("keep")
    return render(request, "gifting/how_to_keep.html", {"bookmarklet": _bookmarklet(form)})


def _bookmarklet(form: str) -> str:
    """For a bookmark: it opens our form with the address and the title of the page one is on."""
    return (
        f"javascript:void(location.href='{form}?url='+encodeURIComponent(location.href)"
        "+'&title='+encodeURIComponent(document.title))"
    )


@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """Lets a telephone put Klout on its home screen, and share a page to the form."""
    return JsonResponse(
        {
            "name": "Klout",
            "short_name": "Klout",
            "start_url": reverse("dashboard"),
            "scope": "/",
            "display": "minimal-ui",
            "background_color": "#faf8f4",
            "theme_color": "#faf8f4",
            "icons": [{"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
            "share_target": {
                "action": reverse("keep"),
                "method": "GET",
                "params": {"title": "title", "text": "text", "url": "url"},
            },
        },
        content_type="application/manifest+json",
    )
