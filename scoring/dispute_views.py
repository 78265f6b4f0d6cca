"""Saying that a score looks wrong, and the operator's queue of what was said."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.paging import page_of
from accounts.requests import member_of, operators_only
from scoring.dispute_models import SAID_MAX, Dispute
from scoring.selectors import disputes as found
from scoring.selectors.scores import rows_on, view_of
from scoring.services import disputes as services

ON_A_PAGE = 20
WAITING_SHOWN = 50
ANSWERED_SHOWN = 50


class DisputeForm(forms.Form):
    said = forms.CharField(
        max_length=SAID_MAX,
        label=gettext_lazy("What looks wrong to you?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Say in a sentence or two what looks wrong.")},
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=Dispute.Outcome.choices,
        widget=forms.RadioSelect,
        label=gettext_lazy("What came of it"),
        error_messages={"required": gettext_lazy("Choose what came of it.")},
    )
    answer = forms.CharField(
        max_length=SAID_MAX,
        label=gettext_lazy("Your answer, which the member reads"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, on: date) -> HttpResponse:
    """Say about the score of one day what looks wrong."""
    member = member_of(request)
    rows = rows_on(member, on)
    if not rows:
        raise Http404("No score on that day.")
    score = rows[0]
    form = DisputeForm(request.POST or None)
    if form.is_valid():
        try:
            services.open_dispute(member, score, form.cleaned_data["said"], timezone.now())
        except services.NotTaken as refusal:
            form.add_error("said", refusal.sentence)
        else:
            messages.success(
                request, _("A person will read it. The answer comes here and by mail.")
            )
            return redirect("disputes")
    context = {"form": form, "on": on, "score": score}
    return render(request, "scoring/dispute.html", context)


@login_required
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """What the member said so far, and the answers."""
    pages = Paginator(found.disputes_of(member_of(request)), ON_A_PAGE)
    page = pages.get_page(page_of(request.GET))
    context = {
        "disputes": page.object_list,
        "newer": page.previous_page_number() if page.has_previous() else None,
        "older": page.next_page_number() if page.has_next() else None,
    }
    return render(request, "scoring/disputes.html", context)


@operators_only
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    context = {
        "waiting": found.waiting_disputes(WAITING_SHOWN),
        "answered": found.answered_disputes(ANSWERED_SHOWN),
    }
    return render(request, "scoring/dispute_queue.html", context)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def queue_one(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """One objection with the score it is about; opening it takes it up."""
    now = timezone.now()
    one = found.dispute(dispute_id)
    if one is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        operator = member_of(request)
        if services.answer(operator, one.pk, given["outcome"], given["answer"], now):
            messages.success(request, _("Answered. The member is told."))
        else:
            messages.warning(request, _("It was answered before; nothing was changed."))
        return redirect("dispute_queue")
    services.take_up(one.pk, now)
    context = {"one": one, "form": form, "score": view_of(one.score)}
    return render(request, "scoring/dispute_queue_one.html", context)
