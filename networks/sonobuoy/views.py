"""The page of the sonobuoy and what is said on it. Somebody else's account is not found."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import zone_of
from accounts.models import Member
from accounts.requests import member_of
from accounts.stopping import stop_page
from networks.models import LinkedAccount
from networks.sonobuoy import answers
from networks.sonobuoy.answers import Answer
from networks.sonobuoy.forms import AnswerForm, RestForm, ThresholdForm, WishesForm
from networks.sonobuoy.mail import PINGS_MAIL
from networks.sonobuoy.selectors import buoys_with_charts, wishes_of

SAID = {
    Answer.FINE: gettext_lazy("Noted: it is fine that it is quiet on %(network)s."),
    Answer.REST: gettext_lazy(
        "%(network)s rests from now on. Its clock stands still; nothing is lost, and you can end "
        "the rest here at any time."
    ),
    Answer.LEFT: gettext_lazy(
        "Noted: you left %(network)s. You are told nothing more about it. It is still read and "
        "counted for as long as its server lets us; unlink it if you want it gone."
    ),
    Answer.MUTE: gettext_lazy("%(network)s is muted. It is heard, and you are told nothing."),
    Answer.BACK: gettext_lazy("%(network)s is listened to again; its clock goes on."),
    Answer.TELL: gettext_lazy("You are told about %(network)s again."),
}


@login_required
@require_GET
def sonobuoy(request: HttpRequest) -> HttpResponse:
    return _page(request, member_of(request))


def _page(request: HttpRequest, member: Member, form: WishesForm | None = None) -> HttpResponse:
    wishes = wishes_of(member)
    if form is None:
        names = ("wants_pings", "wants_weekly", "quiet_from", "quiet_until")
        form = WishesForm(initial={name: getattr(wishes, name) for name in names})
    context = {
        "buoys": buoys_with_charts(member, timezone.now()),
        "resting_since": member.resting_since,
        "form": form,
        "zone": zone_of(member.time_zone).key,
    }
    return render(request, "networks/sonobuoy/sonobuoy.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, account_id: int) -> HttpResponse:
    """One of the buttons of an account, whether there is a ping or not."""
    account, form = _own(request, account_id), AnswerForm(request.POST)
    if form.is_valid():
        said: Answer = form.cleaned_data["said"]
        answers.answer(account, said, timezone.now())
        messages.success(request, SAID[said] % {"network": account.platform_label})
    else:
        messages.warning(
            request, _("That is none of the answers here. Nothing was changed; please try again.")
        )
    return redirect("sonobuoy")


@login_required
@require_POST
def threshold(request: HttpRequest, account_id: int) -> HttpResponse:
    account, form = _own(request, account_id), ThresholdForm(request.POST)
    if form.is_valid():
        answers.set_threshold(account, form.cleaned_data["days"], timezone.now())
        messages.success(request, _("Saved, and in force from now on."))
    else:
        messages.warning(request, f"{form.errors['days'][0]} {_('Nothing was changed.')}")
    return redirect("sonobuoy")


@login_required
@require_POST
def rest(request: HttpRequest) -> HttpResponse:
    """All of the member's clocks."""
    member, form = member_of(request), RestForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was changed; please try again."))
    elif form.cleaned_data["rests"]:
        answers.rest(member, timezone.now())
        messages.success(
            request,
            _(
                "You are resting. Your clocks stand still and nothing is lost; you are told of no "
                "silence. End it here whenever you like."
            ),
        )
    else:
        answers.end_rest(member, timezone.now())
        messages.success(request, _("Welcome back. Your clocks go on from where they stood."))
    return redirect("sonobuoy")


@login_required
@require_POST
def wishes(request: HttpRequest) -> HttpResponse:
    member, form = member_of(request), WishesForm(request.POST)
    if not form.is_valid():
        return _page(request, member, form)
    answers.wish_mail(
        member,
        pings=form.cleaned_data["wants_pings"],
        weekly=form.cleaned_data["wants_weekly"],
        quiet_from=form.cleaned_data["quiet_from"],
        quiet_until=form.cleaned_data["quiet_until"],
        now=timezone.now(),
    )
    messages.success(request, _("Saved, and in force from now on."))
    return redirect("sonobuoy")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_pings(request: HttpRequest, token: str) -> HttpResponse:
    return stop_page(request, PINGS_MAIL, token, answers.stop_pings)


def _own(request: HttpRequest, account_id: int) -> LinkedAccount:
    return get_object_or_404(LinkedAccount, member=member_of(request), pk=account_id)
