"""A member's own score, as they chose to see it."""

from datetime import UTC, date
from typing import Annotated, NoReturn

from django.http import HttpRequest
from ninja import Query, Router

from accounts.scopes import Scope
from klout.api.terms import USE
from klout.api.v3 import cursors, problems
from klout.api.v3.operations import Asked, asked_by
from klout.api.v3.problems import Problem, Wrong, invalid
from klout.api.v3.registry import Call, reads
from klout.api.v3.shapes import score as shapes
from klout.api.v3.shapes.lists import After, Limit
from scoring import selectors
from scoring.seen import Seen, seen

router = Router(tags=["Score"])
DAYS = "days"
ON = Annotated[
    date | None,
    Query(description="A day (UTC); without, the newest.", examples=["2026-11-02"]),
]
RULE = Annotated[
    str,
    Query(
        description="A version of the rule; without, the one in force on that day.",
        examples=["2026.1"],
        max_length=40,
        pattern=r"^[\w.-]*$",
    ),
]


@reads(router, Call("/score", Scope.SCORE_READ, {200: shapes.Score}, (problems.NO_SCORE,)))
def score(request: HttpRequest) -> shapes.Score:
    """Your newest score.

    With its likely range. What you chose not to see of your number is not in it.
    """
    asked = asked_by(request)
    what = _seen(asked)
    view = selectors.latest_score(asked.member, what)
    if view is None:
        _no_score(asked, what)
    return shapes.Score.of(view, what)


@reads(router, Call("/score/history", Scope.SCORE_READ, {200: shapes.History}, (problems.INVALID,)))
def score_history(
    request: HttpRequest, limit: Limit = cursors.PER_PAGE, cursor: After = ""
) -> shapes.History:
    """Your scores day by day.

    The newest first; days without a score are not in it. Empty while you hide your number and its
    range.
    """
    asked = asked_by(request)
    what = _seen(asked)
    before = date.fromisoformat(cursors.read(DAYS, cursor)) if cursor else None
    found = selectors.days_before(asked.member, before, what, limit + 1) if what.band else []
    page = cursors.page_of(found, limit, DAYS, lambda day: day[0].on.isoformat())
    return shapes.History(
        items=[shapes.Day.of(day, what) for day in page.items],
        next_cursor=page.next_cursor,
        shown=what.choice,
        use=USE,
    )


@reads(
    router,
    Call(
        "/score/explanation",
        Scope.SCORE_READ,
        {200: shapes.Explanation},
        (problems.NO_SCORE, problems.INVALID),
    ),
)
def score_explanation(request: HttpRequest, on: ON = None, rule: RULE = "") -> shapes.Explanation:
    """Where each point of your score came from.

    Of the newest score, or of one day. The points of the parts and the 1.0 to begin with add up to
    the score as it is shown, to a tenth.
    """
    asked = asked_by(request)
    what = _seen(asked)
    if on is None and rule:
        raise invalid([Wrong("query", "rule", "A rule goes with a day: say “on” as well.")])
    found = (
        selectors.latest_detailed(asked.member, what)
        if on is None
        else selectors.detailed_on(asked.member, on, rule, what)
    )
    if found is None and on is not None:
        raise Problem(problems.NO_SCORE, "There is no score of that day that you may see.")
    if found is None:
        _no_score(asked, what)
    return shapes.Explanation.of_details(found, what)


@reads(router, Call("/score/moments", Scope.SCORE_READ, {200: shapes.Moments}))
def score_moments(request: HttpRequest) -> shapes.Moments:
    """The posts of yours that most people responded to.

    Those of the 90 days behind your newest score, with what they added to it. At most five, so
    there are no pages.
    """
    asked = asked_by(request)
    what = _seen(asked)
    found = selectors.latest_moments(asked.member, what)
    return shapes.Moments(
        items=[shapes.PostOfMany.of(moment) for moment in found],
        shown=what.choice,
        use=USE,
    )


def _seen(asked: Asked) -> Seen:
    """As on every page: what they chose, and never more because a program asks."""
    return seen(asked.member.score_shown, asked.now.astimezone(UTC).date())


def _no_score(asked: Asked, what: Seen) -> NoReturn:
    why = selectors.why_no_score(asked.member, what)
    raise Problem(problems.NO_SCORE, f"{why.title}. {why.sentence}")
