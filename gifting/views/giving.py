"""Giving a K: whom, then why and which K, then one confirmation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import language
from accounts.models import Member
from accounts.requests import member_of
from gifting import selectors, services
from gifting.forms import GiftForm
from gifting.looking import WINDOW, may_look
from gifting.models import Move
from gifting.refusals import NOT_HERE, TOO_MANY_LOOKS, NotYours, Refusal
from gifting.views.slower import slower


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Whom; then why and which K; then one confirmation; all at one address."""
    now = timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    attempt = _attempt(request, now) if request.POST.get("act") == "give" else None
    if attempt is not None and attempt.to:
        return _thanks(request, attempt)
    if sent.get("to", "").strip() and not may_look(member_of(request), now):
        return slower(request, str(TOO_MANY_LOOKS), WINDOW)
    if request.method == "POST":
        return _sent(request, attempt.refusal if attempt else "", now)
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
    """Who may be meant where a name was written instead of a handle."""
    if look.to or look.is_shut or "@" in look.asked:
        return []
    return selectors.found_by_name(member_of(request), look.asked)


def _sent(request: HttpRequest, refusal: str, now: datetime) -> HttpResponse:
    look = _look(request, request.POST, now)
    form = GiftForm(request.POST, choices=look.choices)
    if refusal:
        form.add_error(None, refusal)
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


@dataclass(frozen=True)
class _Attempt:
    """A confirmed gift: the receiver's name and the K's number if it was made, else why not."""

    to: str = ""
    number: int = 0
    refusal: str = ""


def _attempt(request: HttpRequest, now: datetime) -> _Attempt:
    """Give what was confirmed. The service judges; nothing else is read before it has."""
    giver, form = member_of(request), GiftForm(request.POST)
    if not form.is_valid():
        return _Attempt()
    to = selectors.named_by(form.cleaned_data["to"])
    try:
        return _Attempt(to.name, _give(giver, to, form.cleaned_data, now).k_id)
    except Refusal as refusal:
        if refusal.sentence != str(NOT_HERE):
            return _Attempt(refusal=refusal.sentence)
        # Perhaps a second click, and whoever has it cannot be found any more.
        made = selectors.gift_of_request(giver, form["key"].value())
        return _Attempt(made.receiver.shown_name, made.k_id) if made else _Attempt()
    except NotYours:
        # A K that never was theirs: the form says which ones are.
        return _Attempt()


def _thanks(request: HttpRequest, attempt: _Attempt) -> HttpResponse:
    messages.success(
        request,
        _("{to} has K {number} now. You can take it back for ten minutes.").format(
            to=language.isolated(attempt.to), number=language.number(attempt.number)
        ),
    )
    return redirect("ledger")


def _give(giver: Member, receiver: Member, gift: dict[str, Any], now: datetime) -> Move:
    note = services.Note(text=gift["words"], link=gift["link"], shares=gift["shares"])
    if gift["k"]:
        return services.pass_on(giver, receiver, gift["k"], now, key=gift["key"], note=note)
    return services.give_k(giver, receiver, now, key=gift["key"], note=note)
