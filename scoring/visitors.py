"""Who is asking, and what of their own score they may see."""

from datetime import UTC, datetime

from django.http import HttpRequest

from accounts.models import Member
from accounts.requests import member_of
from scoring.seen import Seen, seen

ASKED = "show_my_score_once"


def ask_to_see(request: HttpRequest) -> None:
    """The next page that has the score shows all of it, once."""
    request.session[ASKED] = True


def seen_by(request: HttpRequest, now: datetime) -> Seen:
    """What the member behind the request may see now. Having asked is used up by it."""
    choice = member_of(request).score_shown
    is_daily = choice == Member.ScoreShown.DAILY
    asked = not is_daily and bool(request.session.pop(ASKED, False))
    return seen(choice, now.astimezone(UTC).date(), asked=asked)
