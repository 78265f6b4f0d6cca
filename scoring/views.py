"""Pages about the member's own score. Everybody sees only their own."""

import csv
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Member
from accounts.requests import member_of
from scoring import selectors
from scoring.charts import trend


@require_safe
@login_required
def why(request: HttpRequest) -> HttpResponse:
    """The newest score, traced to where every point came from."""
    detailed = selectors.latest_detailed(member_of(request))
    if detailed is None:
        return _no_score(request, member_of(request), _("Why"))
    return render(request, "scoring/why.html", _why(detailed))


@require_safe
@login_required
def why_on(request: HttpRequest, on: date) -> HttpResponse:
    """The same for one day of the past, by the rule of that day or by the one in `?rule=`."""
    detailed = selectors.detailed_on(member_of(request), on, request.GET.get("rule", ""))
    if detailed is None:
        raise Http404("No score on that day.")
    return render(request, "scoring/why.html", _why(detailed))


def _why(detailed: selectors.DetailedScore) -> dict[str, object]:
    return {"score": detailed.score, "detailed": detailed, "since": selectors.SINCE}


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """What moved the score between two days (`?since=` or `?from=` and `?to=`)."""
    member = member_of(request)
    days = selectors.asked_days(member, request.GET.dict())
    found = selectors.comparison(member, days.before, days.after) if days else None
    if days is None or found is None:
        return _no_score(request, member, _("What moved"))
    context = {"compared": found, "days": days, "since": selectors.SINCE}
    return render(request, "scoring/compare.html", context)


@require_safe
@login_required
def score_history(request: HttpRequest) -> HttpResponse:
    """The last 90 days as a chart and as a table."""
    member, today = member_of(request), timezone.now().date()
    history = selectors.history(member, until=today)
    found = selectors.latest_moments(member)
    whole_scale = request.GET.get("scale") == "whole"
    context = {
        "trend": trend(
            history.days,
            until=today,
            whole_scale=whole_scale,
            others=history.others,
            changes=history.changes,
            moments=[one.posted_on for one in found],
        ),
        "moments": found,
        "whole_scale": whole_scale,
        "history": history,
        "days": selectors.history_rows(history),
        "columns": 4 + len(history.others),
        "no_score": None if history.days else selectors.why_no_score(member),
    }
    return render(request, "scoring/history.html", context)


@require_safe
@login_required
def score_history_csv(request: HttpRequest) -> HttpResponse:
    """The last 90 days as a file, a row for each day and rule."""
    today = timezone.now().date()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="score-{today}.csv"'
    writer = csv.writer(response)
    writer.writerow(["day", "score", "likely_from", "likely_to", "rule", "computed_later"])
    history = selectors.history(member_of(request), until=today)
    for one in sorted((one for line in history.lines for one in line), key=lambda one: one.on):
        score = f"{one.hundredths / 100:.2f}"
        later = "yes" if one.backfilled else "no"
        writer.writerow([one.on, score, one.likely.low, one.likely.high, one.rule, later])
    return response


def _no_score(request: HttpRequest, member: Member, title: str) -> HttpResponse:
    context = {"no_score": selectors.why_no_score(member), "title": title}
    return render(request, "scoring/no_score.html", context)
