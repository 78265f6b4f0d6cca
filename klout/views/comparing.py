"""Two members' scores side by side, where both agreed. No winner, no arrow."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import side_by_side
from accounts.models import Member
from accounts.requests import member_of
from accounts.sharing import Refused
from accounts.sharing_models import SideBySide
from gifting.selectors import recipient
from klout.sharing_forms import AskForm
from scoring.beside import Beside, Range, Said, beside
from scoring.selectors import PublicScore, public_score


@dataclass(frozen=True)
class Side:
    """One of the two. `shows_number`: the viewer may have chosen not to see their own."""

    member: Member
    score: PublicScore | None
    is_viewer: bool
    shows_number: bool
    shows_range: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def comparing(request: HttpRequest) -> HttpResponse:
    """Whom the member asked, who asked them, and with whom they agreed."""
    member, now = member_of(request), timezone.now()
    form = AskForm(request.POST or None)
    if form.is_valid():
        whom = form.cleaned_data["whom"]
        found = recipient(member, whom)
        try:
            side_by_side.ask(member, found.member if found else None, whom, now)
        except Refused as refused:
            form.add_error("whom", str(refused))
        else:
            messages.success(request, _asked())
            return redirect("comparing")
    context = {
        "form": form,
        "agreed": [(one, _other(one, member)) for one in side_by_side.agreed_with(member)],
        "waiting": side_by_side.waiting_for(member, now),
        "asked": side_by_side.asked_by(member, now),
        "waits_days": side_by_side.WAITS.days,
    }
    return render(request, "pages/comparing.html", context)


def _asked() -> str:
    return _(
        "Asked, if somebody who may be found is called that. They decide, and you see it here "
        "if they say yes. Nobody is told of a no, or that there is nobody."
    )


def _other(one: SideBySide, member: Member) -> Member:
    """The other one of two who agreed."""
    if one.asker_id != member.pk or one.other is None:
        return one.asker
    return one.other


@login_required
@require_POST
def answer_comparing(request: HttpRequest, question_id: int) -> HttpResponse:
    agrees = request.POST.get("agrees") == "yes"
    member = member_of(request)
    if not side_by_side.answer(member, question_id, timezone.now(), agrees=agrees):
        raise Http404
    if agrees:
        messages.success(request, _("Both of you see both scores now, until one of you ends it."))
        return redirect("compared", question_id)
    messages.success(request, _("They see no score, and no answer either."))
    return redirect("comparing")


@login_required
@require_POST
def end_comparing(request: HttpRequest, question_id: int) -> HttpResponse:
    member = member_of(request)
    if side_by_side.end(member, question_id):
        messages.success(request, _("Ended. Neither of you sees the other's score any more."))
    elif side_by_side.withdraw(member, question_id, timezone.now()):
        messages.success(request, _("Taken back. Whoever you asked does not see it any more."))
    else:
        raise Http404
    return redirect("comparing")


@login_required
@require_safe
def compared(request: HttpRequest, question_id: int) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    one = get_object_or_404(side_by_side.agreed_with(member), pk=question_id)
    mine = _side(member, now, viewer=member)
    theirs = _side(_other(one, member), now, viewer=member)
    context = {
        "pair": one,
        "sides": (mine, theirs),
        "said": _said(mine, theirs),
        "axis": (1, 25, 50, 75, 100),
    }
    return render(request, "pages/compared.html", context)


def _side(member: Member, now: datetime, viewer: Member) -> Side:
    """One's own number is shown as one chose to be shown it; that of the other as it is."""
    is_viewer = member.pk == viewer.pk
    shown = viewer.score_shown if is_viewer else Member.ScoreShown.DAILY
    return Side(
        member=member,
        score=public_score(member, now),
        is_viewer=is_viewer,
        shows_number=shown == Member.ScoreShown.DAILY,
        shows_range=shown != Member.ScoreShown.HIDDEN,
    )


def _said(mine: Side, theirs: Side) -> Beside | None:
    """What can be said of the two; nothing where that would tell the viewer's hidden number."""
    if mine.score is None or theirs.score is None or not mine.shows_range:
        return None
    found = beside(_range(mine.score), _range(theirs.score))
    if found.said == Said.SMALL_GAP and not mine.shows_number:
        # How near the two are would tell the number.
        return replace(found, said=Said.OVERLAP if found.common else Said.APART)
    return found


def _range(score: PublicScore) -> Range:
    return Range(score.whole, score.low, score.high)
