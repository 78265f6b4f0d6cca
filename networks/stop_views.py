"""The way onto the stop list, for people who are no members, and off it again.

Nobody is told whether somebody is on it, or is known here: only whether a code stands where it
was to stand, which everybody can see.
"""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.counting import is_within
from networks.oauth import fingerprint
from networks.registry import PLATFORMS
from networks.services import stop_list
from networks.stop_forms import WhereForm, WhoForm

HOUR = timedelta(hours=1)
# A look is a request to somebody else's server: enough for a person who is putting a code up.
LOOKS_OF_ONE_ADDRESS = 30
LOOKS_AT_ONE_PROFILE = 12


@require_GET
def stop_counting(request: HttpRequest) -> HttpResponse:
    """What it is, and the choice of a network."""
    form = WhereForm(request.GET if "platform" in request.GET else None)
    if form.is_valid():
        return redirect("stop_counting_who", form.cleaned_data["platform"])
    return render(request, "networks/stop/where.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def stop_counting_who(request: HttpRequest, platform: str) -> HttpResponse:
    """Whose handle, and what is wished; then the page with the code."""
    if platform not in stop_list.places():
        raise Http404
    chosen = PLATFORMS[platform]
    assert chosen.code_place is not None  # noqa: S101
    form = WhoForm(chosen.code_place, request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = stop_list.Wish(form.cleaned_data["wish"])
        try:
            token = stop_list.ask(platform, form.cleaned_data["typed"], wish, timezone.now())
        except ValueError as error:
            form.add_error("typed", str(error))
        else:
            return redirect("stop_counting_code", token)
    return render(request, "networks/stop/who.html", {"form": form, "platform": chosen})


@never_cache
@require_http_methods(["GET", "POST"])
def stop_counting_code(request: HttpRequest, token: str) -> HttpResponse:
    """The code and where to put it; a POST looks for it."""
    now = timezone.now()
    asking = stop_list.asking_of(token, now)
    if asking is None:
        return render(request, "networks/stop/over.html", status=404)
    platform = PLATFORMS[asking.platform]
    context = {"asking": asking, "platform": platform, "stops": asking.wish == "stop"}
    if request.method == "GET":
        return render(request, "networks/stop/code.html", context)
    if not _may_look(request, asking, now):
        context["problem"] = _(
            "That was looked for many times within the hour, so this time it was not. Nothing was "
            "changed. Please try again in an hour; the code still counts then."
        )
        return render(request, "networks/stop/code.html", context, status=429)
    outcome = stop_list.look(asking, now)
    if outcome == stop_list.Outcome.DONE:
        return render(request, "networks/stop/done.html", context)
    context["problem"] = _sentence(outcome)
    return render(request, "networks/stop/code.html", context)


def _sentence(outcome: stop_list.Outcome) -> str:
    sentences = {
        stop_list.Outcome.NOT_THERE: _(
            "We looked, and the code does not stand there, or there is no such public profile. "
            "Nothing was changed. Some networks need a minute to show a change; please look again."
        ),
        stop_list.Outcome.NO_ANSWER: _(
            "We looked, and got no answer from there. Nothing was changed. Please look again in "
            "some minutes; the code still counts then."
        ),
        stop_list.Outcome.NOT_WRITTEN: _(
            "The code is there, but this site could not write your wish down so that it lasts. "
            "Nothing was changed. Please look again later; the people who run this site have been "
            "told."
        ),
    }
    return sentences[outcome]


def _may_look(request: HttpRequest, asking: stop_list.Asking, now: datetime) -> bool:
    profile = fingerprint(f"{asking.platform}:{asking.named}")
    return is_within(
        f"stop-list:from:{_from_where(request)}", LOOKS_OF_ONE_ADDRESS, HOUR, now
    ) and is_within(f"stop-list:at:{profile}", LOOKS_AT_ONE_PROFILE, HOUR, now)


def _from_where(request: HttpRequest) -> str:
    """The address in a form that the counter need not be able to read."""
    try:
        return fingerprint(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "unknown"
