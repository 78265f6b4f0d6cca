"""Keeping people in mind."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router, Status

from accounts.scopes import Scope
from gifting import selectors
from gifting.services import keeping
from klout.api.v3 import cursors, problems
from klout.api.v3.calls.k import cleaned, count_a_look
from klout.api.v3.operations import asked_by
from klout.api.v3.registry import Call, reads, writes
from klout.api.v3.shapes import mind as shapes
from klout.api.v3.shapes.lists import After, Limit

router = Router(tags=["Kept in mind"])
KEPT = "kept"
Number = Annotated[
    int, Path(description="The number of the note.", examples=[12], ge=1, le=2**63 - 1)
]


@reads(router, Call("/mind", Scope.MIND_READ, {200: shapes.KeptPage}, (problems.INVALID,)))
def kept_in_mind(
    request: HttpRequest, limit: Limit = cursors.PER_PAGE, cursor: After = ""
) -> shapes.KeptPage:
    """Whom you keep in mind.

    The newest first, with why, and whether they can be given K here.
    """
    asked = asked_by(request)
    before = cursors.moment_and_id(KEPT, cursor)
    found = selectors.kept_in_mind(asked.member, count=limit + 1, before=before)
    page = cursors.page_of(found, limit, KEPT, lambda one: cursors.as_place(one.kept_at, one.id))
    items = [shapes.Kept.of(one) for one in page.items]
    return shapes.KeptPage(items=items, next_cursor=page.next_cursor)


@writes(
    router,
    Call("/mind", Scope.MIND_WRITE, {200: shapes.Noted}, (problems.REFUSED,)),
    has_body=True,
)
def keep_in_mind(request: HttpRequest, to_keep: shapes.ToKeep) -> shapes.Noted:
    """Keep somebody in mind.

    By their handle anywhere, whether they are here or not. The same handle again takes the place of
    the older note.
    """
    asked = asked_by(request)
    count_a_look(asked)
    note = keeping.Remembered(**cleaned(to_keep.as_form()))
    return shapes.Noted.of(keeping.keep_handle(asked.member, note, asked.now))


@writes(
    router,
    Call("/mind/{int:note}", Scope.MIND_WRITE, {204: None}, (problems.NOT_FOUND,)),
    method="DELETE",
)
def forget(request: HttpRequest, note: Number) -> Status[None]:
    """Take somebody out of your notes.

    With what you wrote about them.
    """
    keeping.forget(asked_by(request).member, note)
    return Status(204, None)
