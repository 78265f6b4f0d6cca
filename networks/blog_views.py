"""Linking one's own site, the address that shows it, and the mailbox for Webmentions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from networks.forms import LinkForm
from networks.models import LinkedAccount
from networks.registry import PLATFORMS
from networks.services import LinkError, proving, webmentions
from networks.views import read_at_once
from networks.visitors import member_of, session_key_of

PLATFORM = PLATFORMS["blog"]


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Look at the member's site; a page that is not theirs yet says what was found and missing."""
    member = member_of(request)
    form = LinkForm(PLATFORM, request.POST or None, initial={"typed": request.GET.get("typed", "")})
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            result = proving.prove_site(
                member,
                session_key_of(request),
                PLATFORM.key,
                form.cleaned_data["typed"],
                form.cleaned_data["findable"],
                timezone.now(),
            )
        except LinkError as error:
            form.add_error("typed", error.sentence)
        else:
            if isinstance(result, LinkedAccount):
                messages.success(request, _("{handle} is linked.").format(handle=result.handle))
                read_at_once(request)
                return redirect("account_progress", result.pk)
            report = result
    context = {
        "form": form,
        "platform": PLATFORM,
        "report": report,
        "own_line": proving.own_line(member),
    }
    return render(request, "networks/prove.html", context)


@require_GET
def me(request: HttpRequest, address: str) -> HttpResponse:  # noqa: ARG001
    """The same page for every address, whether it is somebody's or not."""
    return render(request, "networks/me.html")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def webmention(request: HttpRequest, endpoint: str) -> HttpResponse:
    """The receiving end of W3C Webmention, 3.2: whatever is taken in is answered the same."""
    if request.method == "GET":
        return _said("This address takes Webmentions: POST source and target, form-encoded.", 200)
    try:
        webmentions.receive(
            endpoint,
            request.POST.get("source", ""),
            request.POST.get("target", ""),
            timezone.now(),
        )
    except webmentions.NoSuchEndpoint:
        raise Http404 from None
    except webmentions.NotTaken as error:
        return _said(error.sentence, 429 if error.is_flood else 400)
    return _said("Taken in. It is looked at soon.", 202)


def _said(sentence: str, status: int) -> HttpResponse:
    response = HttpResponse(
        f"{sentence}\n", content_type="text/plain; charset=utf-8", status=status
    )
    if status == 429:
        response["Retry-After"] = str(int(webmentions.HOUR.total_seconds()))
    return response
