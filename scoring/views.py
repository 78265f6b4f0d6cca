"""Pages about the member's own score. Everybody sees only their own, and of it what they chose."""

import csv
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import member_of
from networks.sonobuoy.selectors import resting_now
from scoring import charts, selectors
from scoring.forms import ShownForm
from scoring.seen import Seen
from scoring.selectors.brought import brought_scores
from scoring.visitors import ask_to_see, seen_by


@require_safe
@login_required
def why(request: HttpRequest) -> HttpResponse:
    """The newest score, traced to where every point came from."""
    seen = seen_by(request, timezone.now())
    detailed = selectors.latest_detailed(member_of(request), seen)
    if detailed is None:
        return _no_score(request, seen, _("Why"))
    return render(request, "scoring/why.html", _why(request, detailed, seen))


@require_safe
@login_required
def why_on(request: HttpRequest, on: date) -> HttpResponse:
    """The same for one day of the past, by the rule of that day or by the one in `?rule=`."""
    seen, rule = seen_by(request, timezone.now()), request.GET.get("rule", "")
    detailed = selectors.detailed_on(member_of(request), on, rule, seen)
    if detailed is None:
        raise Http404("No score on that day.")
    return render(request, "scoring/why.html", _why(request, detailed, seen))


def _why(request: HttpRequest, detailed: selectors.DetailedScore, seen: Seen) -> dict[str, object]:
    return {
        "score": detailed.score,
        "detailed": detailed,
        "resting": resting_now(member_of(request)),
        "since": selectors.SINCE,
        "seen": seen,
    }


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """What moved the score between two days (`?since=` or `?from=` and `?to=`)."""
    member, seen = member_of(request), seen_by(request, timezone.now())
    days = selectors.asked_days(member, request.GET.dict(), seen)
    found = selectors.comparison(member, days.before, days.after, seen) if days else None
    if days is None or found is None:
        return _no_score(request, seen, _("What moved"))
    context = {"compared": found, "days": days, "since": selectors.SINCE, "seen": seen}
    return render(request, "scoring/compare.html", context)


@require_safe
@login_required
def score_history(request: HttpRequest) -> HttpResponse:
    """The last 90 days as a chart and as a table."""
    member, now = member_of(request), timezone.now()
    seen = seen_by(request, now)
    until = selectors.newest_day(member, seen) if seen.is_weekly else seen.until
    if until is None:
        return _no_score(request, seen, _("90 days"))
    history = selectors.history(member, until=until)
    whole_scale = request.GET.get("scale") == "whole"
    found = selectors.latest_moments(member, seen)
    context = {
        "trend": _trend(history, until, found, seen, whole_scale=whole_scale),
        "moments": found,
        "brought": brought_scores(member, seen),
        "whole_scale": whole_scale,
        "history": history,
        "days": selectors.history_rows(history, seen) if seen.band else [],
        "columns": 4 + len(history.others),
        "seen": seen,
        "resting": resting_now(member),
        "no_score": None if history.days else selectors.why_no_score(member, seen),
    }
    return render(request, "scoring/history.html", context)


def _trend(
    history: selectors.History,
    until: date,
    moments: tuple[selectors.Moment, ...],
    seen: Seen,
    *,
    whole_scale: bool,
) -> charts.TrendChart | None:
    if not seen.band:
        return None
    return charts.trend(
        history.days,
        until=until,
        whole_scale=whole_scale,
        others=history.others,
        changes=history.changes,
        moments=[charts.Moment(one.posted_on, one.told) for one in moments],
        number=seen.number,
    )


@require_safe
@login_required
def score_history_csv(request: HttpRequest) -> HttpResponse:
    """The last 90 days as a file, a row for each day and rule: all of it, whatever is shown."""
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


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def score_shown(request: HttpRequest) -> HttpResponse:
    """How the member wants to see their number; leads back to where they said so."""
    form = ShownForm(request.POST or None, instance=member_of(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("From now on your number is shown as you chose."))
        return redirect(_back(request))
    return render(request, "scoring/shown.html", {"form": form, "back": _back(request)})


@require_POST
@login_required
def show_once(request: HttpRequest) -> HttpResponse:
    """All of the score on the next page, and then as the member chose again."""
    ask_to_see(request)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Where the form stood; the dashboard if that is not one of our pages."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith("/")
    return wanted if is_ours else reverse("dashboard")


def _no_score(request: HttpRequest, seen: Seen, title: str) -> HttpResponse:
    no_score = selectors.why_no_score(member_of(request), seen)
    context = {"no_score": no_score, "title": title, "seen": seen}
    return render(request, "scoring/no_score.html", context)
