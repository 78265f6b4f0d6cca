"""Pages about the member's own score. Everybody sees only their own."""

import csv
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import member_of
from scoring import selectors
from scoring.charts import trend


@require_safe
@login_required
def why(request: HttpRequest) -> HttpResponse:
    """The newest score, traced to where every point came from."""
    score = selectors.latest_score(member_of(request))
    if score is None:
        no_score = selectors.why_no_score(member_of(request))
        return render(request, "scoring/no_score.html", {"no_score": no_score})
    return render(request, "scoring/why.html", {"score": score})


@require_safe
@login_required
def why_on(request: HttpRequest, on: date) -> HttpResponse:
    """The same for one day of the past."""
    score = selectors.score_on(member_of(request), on)
    if score is None:
        raise Http404("No score on that day.")
    return render(request, "scoring/why.html", {"score": score})


@require_safe
@login_required
def score_history(request: HttpRequest) -> HttpResponse:
    """The last 90 days as a chart and as a table."""
    today = timezone.now().date()
    days = selectors.history(member_of(request), until=today)
    whole_scale = request.GET.get("scale") == "whole"
    context = {
        "trend": trend(days, until=today, whole_scale=whole_scale),
        "whole_scale": whole_scale,
        "days": selectors.history_rows(days),
        "no_score": None if days else selectors.why_no_score(member_of(request)),
    }
    return render(request, "scoring/history.html", context)


@require_safe
@login_required
def score_history_csv(request: HttpRequest) -> HttpResponse:
    """The last 90 days as a file."""
    today = timezone.now().date()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="score-{today}.csv"'
    writer = csv.writer(response)
    writer.writerow(["day", "score", "likely_from", "likely_to", "rule", "computed_later"])
    for one in selectors.history(member_of(request), until=today):
        score = f"{one.hundredths / 100:.2f}"
        later = "yes" if one.backfilled else "no"
        writer.writerow([one.on, score, one.likely.low, one.likely.high, one.rule, later])
    return response
