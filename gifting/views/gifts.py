"""Pages of K. Every act is a form that posts, says what happened, and goes back to the ledger."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Member
from accounts.requests import member_of
from gifting import selectors, services
from gifting.forms import GiftForm, ReportForm, SettingsForm
from gifting.looking import may_look
from gifting.models import Move
from gifting.refusals import TOO_MANY_LOOKS, NotYours, Refusal

ENTRIES_PER_PAGE = 20
LAST_PAGE = 10_000
RECEIVED_SHOWN = 10


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    now, page = timezone.now(), page_of(request.GET)
    first = (page - 1) * ENTRIES_PER_PAGE
    entries = selectors.entries(member_of(request), now, first=first, count=ENTRIES_PER_PAGE + 1)
    context = {
        # Also what the masthead shows: read once.
        "purse": selectors.purse(member_of(request), now),
        "received": selectors.received(member_of(request), now, RECEIVED_SHOWN),
        "entries": entries[:ENTRIES_PER_PAGE],
        "newer": page - 1,
        "older": page + 1 if len(entries) > ENTRIES_PER_PAGE else None,
    }
    return render(request, "gifting/ledger.html", context)


def page_of(query: QueryDict) -> int:
    """Which page is asked for; nonsense is the first."""
    asked = query.get("page", "1")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Whom; then why and which K; then one confirmation; all at one address."""
    now = timezone.now()
    asked = (request.POST if request.method == "POST" else request.GET).get("to", "").strip()
    if asked and not may_look(member_of(request), now):
        return render(request, "gifting/slower.html", {"said": TOO_MANY_LOOKS}, status=429)
    if request.method == "POST":
        return _sent(request, now)
    look = _look(request, request.GET, now)
    start = {"to": look.asked, "key": uuid4(), "k": request.GET.get("k", "")}
    return _give_page(request, look, GiftForm(initial=start, choices=look.choices), now)


def _look(request: HttpRequest, sent: QueryDict, now: datetime) -> selectors.Giving:
    asked = sent.get("to", "").replace("\0", "").strip()[:300]
    k_address = sent.get("k", "").replace("\0", "")
    return selectors.giving(member_of(request), asked, k_address, now)


def _give_page(
    request: HttpRequest, look: selectors.Giving, form: GiftForm, now: datetime
) -> HttpResponse:
    chosen = form["k"].value() or ""
    if all(choice.value != chosen or choice.refusal for choice in look.choices):
        chosen = next((choice.value for choice in look.choices if not choice.refusal), "")
    context = {
        "look": look,
        "purse": look.purse,
        "form": form,
        "chosen": chosen,
        "names": _names(request, look),
        "way": selectors.journey(chosen, member_of(request), now) if chosen else None,
    }
    return render(request, "gifting/give.html", context)


def _names(request: HttpRequest, look: selectors.Giving) -> list[selectors.Recipient]:
    """Who is meant where a name was written instead of a handle."""
    if look.to or look.is_shut or "@" in look.asked:
        return []
    return selectors.found_by_name(member_of(request), look.asked)


def _sent(request: HttpRequest, now: datetime) -> HttpResponse:
    look = _look(request, request.POST, now)
    form = GiftForm(request.POST, choices=look.choices)
    if request.POST.get("act") == "give":
        return _given(request, look, form, now)
    if look.can_give and form.is_valid() and request.POST.get("act") == "look":
        return _confirmation(request, look, form)
    return _give_page(request, look, form, now)


def _confirmation(request: HttpRequest, look: selectors.Giving, form: GiftForm) -> HttpResponse:
    value = form.cleaned_data["k"]
    own_left, received_left = look.left_after(value)
    context = {
        "look": look,
        "purse": look.purse,
        "form": form,
        "gift": form.cleaned_data,
        "choice": next(choice for choice in look.choices if choice.value == value),
        "own_left": own_left,
        "received_left": received_left,
    }
    return render(request, "gifting/confirm.html", context)


def _given(
    request: HttpRequest, look: selectors.Giving, form: GiftForm, now: datetime
) -> HttpResponse:
    move: Move | None
    if look.to is not None and form.is_valid():
        try:
            move = _give(member_of(request), look.to.member, form.cleaned_data, now)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return _give_page(request, look, form, now)
    else:
        # A second click on the last K: it is given, so it is not among the choices any more.
        move = selectors.gift_of_request(member_of(request), form["key"].value())
    if move is None:
        return _give_page(request, look, form, now)
    name = move.receiver.shown_name
    messages.success(
        request, f"{name} has K {move.k_id:,} now. You can take it back for ten minutes."
    )
    return redirect("ledger")


def _give(giver: Member, receiver: Member, gift: dict[str, Any], now: datetime) -> Move:
    note = services.Note(text=gift["words"], link=gift["link"], shares=gift["shares"])
    if gift["k"]:
        return services.pass_on(giver, receiver, gift["k"], now, key=gift["key"], note=note)
    return services.give_k(giver, receiver, now, key=gift["key"], note=note)


@login_required
@require_safe
def journey(request: HttpRequest, address: str) -> HttpResponse:
    way = selectors.journey(address, member_of(request), timezone.now())
    if way is None:
        raise Http404
    return render(request, "gifting/journey.html", {"journey": way})


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
    return render(
        request, "gifting/gift.html", {"entry": entry, "form": form, "profile": profile}
    )


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
        "You have it back. Whoever had it no longer sees your words.",
    )


@login_required
@require_POST
def decline(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    return _done(
        request,
        lambda: services.decline(member, address, step, now),
        "It went back to whoever gave it. Nobody else is told.",
    )


@login_required
@require_POST
def share(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, shares = member_of(request), request.POST.get("shares") == "yes"
    return _done(
        request,
        lambda: services.share(member, address, step, shares=shares),
        "Later holders may see it, if the other side agrees too."
        if shares
        else "It stays between the two of you.",
    )


@login_required
@require_POST
def block(request: HttpRequest, address: str, step: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    return _done(
        request,
        lambda: services.block(member, address, step, now),
        "You get no more K from them. They are not told. You can lift it in the K settings.",
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
        "Reported. Whoever runs this Klout sees the words and what you said about them.",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def k_settings(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    form = SettingsForm(
        request.POST or None, initial={"accepts_from": selectors.accepts_from(member)}
    )
    if form.is_valid():
        services.accept_from(member, form.cleaned_data["accepts_from"])
        messages.success(request, "Saved, and in force from now on.")
        return redirect("k_settings")
    context = {
        "form": form,
        "blocks": selectors.blocks_of(member),
        "choices": selectors.choices_of(member),
    }
    return render(request, "gifting/settings.html", context)


@login_required
@require_POST
def unblock(request: HttpRequest, block_id: int) -> HttpResponse:
    try:
        services.unblock(member_of(request), block_id)
    except NotYours:
        raise Http404 from None
    messages.success(request, "The block is lifted.")
    return redirect("k_settings")
