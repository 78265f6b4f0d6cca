"""What a member lets others see, and the mail they asked for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import member_of
from gifting import digest, selectors, showing
from gifting.forms import ChoicesForm
from gifting.refusals import NotYours


@login_required
@require_POST
def open_way(request: HttpRequest, address: str) -> HttpResponse:
    opens = request.POST.get("opens") == "yes"
    try:
        showing.open_way(member_of(request), address, timezone.now(), opens=opens)
    except NotYours:
        raise Http404 from None
    messages.success(
        request,
        "For your part, every member may see this way. It takes the same yes from every hand."
        if opens
        else "This way is closed: only the hands it went through see it.",
    )
    return redirect("journey", address)


@login_required
@require_POST
def allow_on_profile(request: HttpRequest, address: str, step: int) -> HttpResponse:
    allows = request.POST.get("allows") == "yes"
    try:
        showing.allow_on_profile(member_of(request), address, step, allows=allows)
    except NotYours:
        raise Http404 from None
    messages.success(
        request,
        "For your part, these words may stand on the profile of whoever received them."
        if allows
        else "These words stand on no profile.",
    )
    return redirect("gift", address, step)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appreciation(request: HttpRequest) -> HttpResponse:
    """What the public profile would show, and whether it may."""
    member = member_of(request)
    if request.method == "POST":
        shows = request.POST.get("shows") == "yes"
        showing.show_appreciation(member, shows=shows)
        messages.success(
            request,
            "Your public profile may show this."
            if shows
            else "Your public profile shows nothing of it.",
        )
        return redirect("appreciation")
    context = {
        "choices": selectors.choices_of(member),
        "seen": selectors.appreciation(member, timezone.now()),
    }
    return render(request, "gifting/appreciation.html", context)


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Being found by name, and the digest."""
    member, form = member_of(request), ChoicesForm(request.POST)
    form.is_valid()  # two boxes, ticked or not: nothing can be wrong with them
    showing.be_found_by_name(member, found=form.cleaned_data["found_by_name"])
    showing.want_digest(member, timezone.now(), wants=form.cleaned_data["wants_digest"])
    messages.success(request, "Saved, and in force from now on.")
    return redirect("k_settings")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST by a mail program stops it, without signing in; a person gets a button."""
    if request.method == "POST":
        if not digest.stop(token, timezone.now()):
            raise Http404
        return render(request, "gifting/digest_stopped.html", {"is_stopped": True})
    if digest.whose_token(token) is None:
        raise Http404
    return render(request, "gifting/digest_stopped.html", {"is_stopped": False})
