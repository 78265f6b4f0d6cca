"""Whose key it is, and taking everything along."""

from typing import Annotated, Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Router, Status

from accounts.audit import Event, record
from accounts.exports import services as exports
from accounts.scopes import Scope
from klout.api.v3 import problems
from klout.api.v3.operations import asked_by
from klout.api.v3.problems import Problem
from klout.api.v3.registry import Call, reads, writes
from klout.api.v3.shapes import member as shapes

router = Router(tags=["You"])
Number = Annotated[
    int, Path(description="The number of the export.", examples=[3], ge=1, le=2**63 - 1)
]


@reads(router, Call("/me", None, {200: shapes.Me}))
def me(request: HttpRequest) -> shapes.Me:
    """Whose key this is.

    And what it may do. Any key or token that opens something may ask.
    """
    return shapes.Me.of(asked_by(request).caller)


@writes(router, Call("/exports", Scope.EXPORT, {202: shapes.Export}))
def ask_for_export(request: HttpRequest, response: HttpResponse) -> Status[shapes.Export]:
    """Ask for an export.

    A file with everything that is kept of you. While one is being made, or was made within the last
    ten minutes, that one is the answer.
    """
    asked = asked_by(request)
    export = exports.ask(asked.member, asked.now)
    response["Location"] = reverse("api-3:v3_newest_export")
    return Status(202, shapes.Export.of(export, _file(export.pk)))


@reads(router, Call("/exports/newest", Scope.EXPORT, {200: shapes.Export}, (problems.NOT_FOUND,)))
def newest_export(request: HttpRequest) -> shapes.Export:
    """How far your newest export is.

    Ask again every few seconds until it is ready; most take less than a minute.
    """
    asked = asked_by(request)
    state = exports.state(asked.member, asked.now)
    if state is None:
        raise Problem(problems.NOT_FOUND)
    return shapes.Export.of_state(state, _file(state.export.pk))


@reads(
    router,
    Call(
        "/exports/{int:export}/file",
        Scope.EXPORT,
        {200: None},
        (problems.NOT_FOUND, problems.INVALID),
        file="application/zip",
    ),
)
def export_file(request: HttpRequest, export: Number) -> HttpResponse:
    """The file of an export.

    A ZIP archive; its schemas are in the documentation. That it was taken is noted in your account.
    """
    asked = asked_by(request)
    path = exports.file_of(asked.member, export, asked.now)
    if path is None:
        raise Problem(problems.NOT_FOUND)
    record(asked.member, Event.EXPORTED, asked.now, detail=asked.caller.name, request=request)
    # A response that streams; the library knows but one kind.
    file: Any = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"klout-{asked.now:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    return cast(HttpResponse, file)


def _file(number: int) -> str:
    return reverse("api-3:v3_export_file", args=[number])
