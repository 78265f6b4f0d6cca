"""K: reading what there is, giving, passing on, and undoing."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import uuid4

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Query, Router, Status

from accounts.models import Member
from accounts.scopes import Scope
from gifting import selectors, services
from gifting.looking import WINDOW, may_look
from gifting.models import Move
from gifting.refusals import TOO_MANY_LOOKS
from klout.api.v3 import cursors, problems
from klout.api.v3.operations import Asked, asked_by
from klout.api.v3.problems import Problem, Wrong, invalid
from klout.api.v3.registry import Call, reads, writes
from klout.api.v3.shapes import k as shapes
from klout.api.v3.shapes.lists import After, Limit

router = Router(tags=["K"])
GIFTS, HELD = "gifts", "held"
Address = Annotated[
    str,
    Path(description=shapes.K, examples=[shapes.ADDRESS], max_length=24, pattern=r"^[\w-]+$"),
]
Step = Annotated[int, Path(description=shapes.STEP, examples=[1], ge=0, le=32_767)]


class Direction(StrEnum):
    GIVEN, RECEIVED = "given", "received"


Way = Annotated[
    Direction | None,
    Query(description="Only these; without, both.", examples=["received"]),
]


@reads(router, Call("/k/purse", Scope.K_READ, {200: shapes.Purse}))
def purse(request: HttpRequest) -> shapes.Purse:
    """What you have to give.

    Your allotment of this period, own K that came back, and how many you received.
    """
    asked = asked_by(request)
    return shapes.Purse.of(selectors.purse(asked.member, asked.now))


@reads(router, Call("/k/held", Scope.K_READ, {200: shapes.HeldPage}, (problems.INVALID,)))
def held(
    request: HttpRequest, limit: Limit = cursors.PER_PAGE, cursor: After = ""
) -> shapes.HeldPage:
    """K from others in your hand.

    Each can be passed on, to anybody but whoever gave it. The latest first.
    """
    asked = asked_by(request)
    before = cursors.moment_and_id(HELD, cursor)
    found = selectors.received(asked.member, asked.now, limit + 1, before)
    page = cursors.page_of(found, limit, HELD, lambda one: cursors.as_place(one.since, one.move_id))
    items = [shapes.Held.of(one) for one in page.items]
    return shapes.HeldPage(items=items, next_cursor=page.next_cursor)


@reads(router, Call("/k/gifts", Scope.K_READ, {200: shapes.Gifts}, (problems.INVALID,)))
def gifts(
    request: HttpRequest,
    direction: Way = None,
    limit: Limit = cursors.PER_PAGE,
    cursor: After = "",
) -> shapes.Gifts:
    """Gifts that you gave and received.

    The newest first, each with what became of it.
    """
    asked = asked_by(request)
    name = f"{GIFTS} {direction or ''}"
    found = selectors.entries_before(
        asked.member,
        cursors.moment_and_id(name, cursor),
        asked.now,
        is_given=None if direction is None else direction == Direction.GIVEN,
        count=limit + 1,
    )
    page = cursors.page_of(found, limit, name, lambda one: cursors.as_place(one.at, one.id))
    items = [shapes.Gift.of(one) for one in page.items]
    return shapes.Gifts(items=items, next_cursor=page.next_cursor)


@reads(
    router,
    Call(
        "/k/gifts/{slug:k}/{int:step}",
        Scope.K_READ,
        {200: shapes.Gift},
        (problems.NOT_FOUND, problems.INVALID),
    ),
)
def gift(request: HttpRequest, k: Address, step: Step) -> shapes.Gift:
    """One gift.

    For whoever gave it and whoever received it.
    """
    asked = asked_by(request)
    entry = selectors.entry(asked.member, k, step, asked.now)
    if entry is None:
        raise Problem(problems.NOT_FOUND)
    return shapes.Gift.of(entry)


@reads(
    router,
    Call(
        "/k/journeys/{slug:k}",
        Scope.K_READ,
        {200: shapes.Journey},
        (problems.NOT_FOUND, problems.INVALID),
    ),
)
def journey(request: HttpRequest, k: Address) -> shapes.Journey:
    """The hands a K went through.

    For whoever is on its way, and for all members where every hand opened it. Names and words of
    others stand in it where both sides of a gift allowed that.
    """
    asked = asked_by(request)
    way = selectors.journey(k, asked.member, asked.now)
    if way is None:
        raise Problem(problems.NOT_FOUND)
    return shapes.Journey.of(way)


@writes(
    router,
    Call("/k/gifts", Scope.K_GIVE, {201: shapes.Given}, (problems.REFUSED,)),
    has_body=True,
)
def give(
    request: HttpRequest, response: HttpResponse, to_give: shapes.ToGive
) -> Status[shapes.Given]:
    """Give a K.

    One of your own: one that came back before a fresh one. Who cannot be found, is not here or
    takes no K from you is refused in the same words. It can be taken back for ten minutes.
    """
    return _given(request, response, to_give, "")


@writes(
    router,
    Call(
        "/k/held/{slug:k}/gifts",
        Scope.K_GIVE,
        {201: shapes.Given},
        (problems.REFUSED, problems.NOT_FOUND),
    ),
    has_body=True,
)
def pass_on(
    request: HttpRequest, response: HttpResponse, k: Address, to_give: shapes.ToGive
) -> Status[shapes.Given]:
    """Pass on a K that you hold.

    To anybody but whoever gave it to you; otherwise as giving one of your own.
    """
    return _given(request, response, to_give, k)


@writes(
    router,
    Call(
        "/k/gifts/{slug:k}/{int:step}/undo",
        Scope.K_GIVE,
        {200: shapes.TakenBack},
        (problems.REFUSED, problems.NOT_FOUND),
    ),
)
def undo(request: HttpRequest, k: Address, step: Step) -> shapes.TakenBack:
    """Take a gift back.

    Within ten minutes, unless it was passed on. A second time changes nothing.
    """
    asked = asked_by(request)
    return shapes.TakenBack.of(services.take_back(asked.member, k, step, asked.now))


def _given(
    request: HttpRequest, response: HttpResponse, to_give: shapes.ToGive, k: str
) -> Status[shapes.Given]:
    asked = asked_by(request)
    count_a_look(asked)
    gift = cleaned(to_give.as_form(uuid4(), k))
    to = selectors.named_by(gift["to"])
    made = _give(asked, to, gift, k)
    given = shapes.Given.of(made)
    response["Location"] = reverse("api-3:v3_gift", args=[given.k, given.step])
    return Status(201, given)


def _give(asked: Asked, to: Member, gift: dict[str, Any], k: str) -> Move:
    note = services.Note(text=gift["words"], link=gift["link"], shares=gift["shares"])
    if k:
        return services.pass_on(asked.member, to, k, asked.now, key=gift["key"], note=note)
    return services.give_k(asked.member, to, asked.now, key=gift["key"], note=note)


def count_a_look(asked: Asked) -> None:
    """As on the pages: each look for a person counts. Raises Problem after too many."""
    if not may_look(asked.member, asked.now):
        wait = {"Retry-After": str(int(WINDOW.total_seconds()))}
        raise Problem(problems.TOO_MANY, str(TOO_MANY_LOOKS), headers=wait)


def cleaned(form: Form) -> dict[str, Any]:
    """What the form took. Raises Problem with what it did not."""
    if not form.is_valid():
        wrong = [
            Wrong("body", name, str(error))
            for name, errors in form.errors.items()
            for error in errors
        ]
        raise invalid(wrong)
    return form.cleaned_data
