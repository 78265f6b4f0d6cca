"""The queue of reports, for the operator alone; for everybody else it is not there.

Here words can be taken away and a giver stopped. Nothing here moves a K.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import member_of, operators_only
from gifting import selectors, services
from gifting.forms import DecisionForm
from gifting.limits import REPORTS_KEPT

REPORTS_SHOWN = 50
DECISIONS_SHOWN = 100


@operators_only
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    context = {
        "reports": selectors.open_reports(REPORTS_SHOWN),
        "decisions": selectors.decisions(DECISIONS_SHOWN),
        "kept_days": REPORTS_KEPT.days,
    }
    return render(request, "gifting/reports.html", context)


@operators_only
def reported(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report with the words, and what to decide."""
    report = selectors.open_report(report_id)
    if report is None:
        raise Http404
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        services.decide(
            member_of(request),
            report.pk,
            form.cleaned_data["outcome"],
            timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("Decided, and in force. Whoever reported it is told."))
        return redirect("k_reports")
    context = {"report": report, "form": form, "kept_until": report.reported_at + REPORTS_KEPT}
    return render(request, "gifting/reported.html", context)


@operators_only
@require_POST
def let_give_again(request: HttpRequest, decision_id: int) -> HttpResponse:
    services.let_give_again(member_of(request), decision_id, timezone.now())
    messages.success(request, _("They can give K again."))
    return redirect("k_reports")
