"""One gift and everything its giver or receiver can do about it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import member_of
from gifting import selectors, services
from gifting.forms import ReportForm
from gifting.refusals import NotYours, Refusal


@login_required
@require_safe
def gift(request: HttpRequest, address: str, step: int) -> HttpResponse:
    """One gift with everything its giver or receiver can do about it."""
    entry = selectors.entry(member_of(request), address, step, timezone.now())
    if entry is None:
        raise Http404
    return _gift_page(request, entry, ReportForm())


def _gift_page(request: HttpRequest, entry: selectors.Entry, form: ReportForm) -> HttpResponse:
    profile = selectors.profile_choice(member_of(request), entry.address, entry.step)
    member, now = member_of(request), timezone.now()
    context = {
        "entry": entry,
        "form": form,
        "profile": profile,
        "reported": selectors.what_became_of(member, entry.address, entry.step),
        "why_not_block": selectors.why_not_block(member, now) if entry.can_block else "",
        "why_not_report": selectors.why_not_report(member, now) if entry.can_report else "",
    }
    return render(request, "gifting/gift.html", context)


def _done(request: HttpRequest, act: Callable[[], object], said: str) -> HttpResponse:
    """Run an act and go back to the ledger with what happened, or with why it did not."""
    try:
        act()
    except NotYours:
        raise Http404 from None
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said)
    return redirect("ledger")


@login_required
@require_POST
def take_back(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    return _done(
        request,
        lambda: services.take_back(member, address, step, now),
        _("You have it back. Whoever had it no longer sees your words."),
    )


@login_required
@require_POST
def decline(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    return _done(
        request,
        lambda: services.decline(member, address, step, now),
        _("It went back to whoever gave it. Nobody else is told."),
    )


@login_required
@require_POST
def share(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, shares = member_of(request), request.POST.get("shares") == "yes"
    return _done(
        request,
        lambda: services.share(member, address, step, shares=shares),
        _("Later holders may see it, if the other side agrees too.")
        if shares
        else _("It stays between the two of you."),
    )


@login_required
@require_POST
def block(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    return _done(
        request,
        lambda: services.block(member, address, step, now),
        _("You get no more K from them. They are not told. You can lift it in the K settings."),
    )


@login_required
@require_POST
def report(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, now, form = member_of(request), timezone.now(), ReportForm(request.POST)
    if not form.is_valid():
        entry = selectors.entry(member, address, step, now)
        if entry is None:
            raise Http404
        return _gift_page(request, entry, form)
    return _done(
        request,
        lambda: services.report(member, address, step, now, said=form.cleaned_data["said"]),
        _("Reported. Whoever runs this Klout sees the words and what you said about them."),
    )
