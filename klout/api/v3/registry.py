"""How a call is entered: its address, its scope, and every answer that it may give.

What is said here stands in the OpenAPI document. The first line of a call's docstring is its
summary there, and the rest its description.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from itertools import groupby
from typing import Any, TypeVar

from ninja import Router
from ninja.decorators import decorate_view

from accounts.scopes import Scope
from klout.api.v3 import problems
from klout.api.v3.operations import guarded
from klout.api.v3.problems import Kind

View = TypeVar("View", bound=Callable[..., Any])

# Any call may answer with these.
ALWAYS = (problems.NO_TOKEN, problems.TOO_MANY, problems.BROKEN, problems.AWAY)
# Any call that does something.
OF_WRITES = (
    problems.UNDER_WAY, problems.TOO_LARGE, problems.NO_JSON, problems.INVALID, problems.KEY_USED,
)  # fmt: skip
# In every answer to whoever has a key.
LIMITS = ("RateLimit", "RateLimit-Policy")


@dataclass(frozen=True)
class Call:
    """`scope`: what a key needs; None: any key will do. `answers`: shapes by status.

    `kinds`: what may go wrong beside what always may. `works_uncounted`: it answers also while
    requests cannot be counted. `file`: the media type of a file that is the answer, without ETag.
    """

    path: str
    scope: Scope | None
    answers: dict[int, Any]
    kinds: tuple[Kind, ...] = ()
    works_uncounted: bool = True
    file: str = ""


def reads(router: Router, call: Call) -> Callable[[View], View]:
    """A GET, with an ETag."""
    if call.file:
        extra = _extra(call, call.kinds, [], [], {200: _file(call.file)})
    else:
        known = {"description": "You have it already.", "headers": _headers("ETag", *LIMITS)}
        extra = _extra(call, call.kinds, ["IfNoneMatch"], ["ETag"], {304: known})
    guard = guarded(call.scope, works_uncounted=call.works_uncounted)
    return _entered(router, "GET", call, guard, extra)


def writes(
    router: Router, call: Call, *, method: str = "POST", has_body: bool = False
) -> Callable[[View], View]:
    """Something is done; an Idempotency-Key makes it be done once."""
    kinds = (*call.kinds, *OF_WRITES, *((problems.BAD_REQUEST,) if has_body else ()))
    extra = _extra(call, kinds, ["IdempotencyKey"], ["Idempotency-Replayed"], {})
    return _entered(router, method, call, guarded(call.scope, writes=True), extra)


def _entered(
    router: Router, method: str, call: Call, guard: Any, extra: dict[str, Any]
) -> Callable[[View], View]:
    def enter(view: View) -> View:
        summary, _, description = cleandoc(view.__doc__ or "").partition("\n")
        name: str = view.__name__
        entered: View = router.api_operation(
            [method],
            call.path,
            response=call.answers,
            operation_id=name,
            url_name=f"v3_{name}",
            summary=summary.removesuffix("."),
            description=" ".join(description.split()) or summary,
            openapi_extra=extra,
        )(decorate_view(guard)(view))
        return entered

    return enter


def _extra(
    call: Call,
    kinds: Sequence[Kind],
    parameters: Iterable[str],
    headers: Iterable[str],
    more: dict[int, Any],
) -> dict[str, Any]:
    """What the library does not write into the document by itself."""
    needs_scope = (problems.NO_SCOPE,) if call.scope else ()
    all_kinds = {*ALWAYS, *needs_scope, *kinds}
    answered = {status: {"headers": _headers(*headers, *LIMITS)} for status in call.answers}
    return {
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters],
        "security": [{"bearer": [call.scope.value] if call.scope else []}],
        "responses": answered | more | _told(all_kinds),
    }


def _file(kind: str) -> dict[str, Any]:
    content = {kind: {"schema": {"type": "string", "format": "binary"}, "examples": {}}}
    return {"description": "The file.", "headers": _headers(*LIMITS), "content": content}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _told(kinds: Iterable[Kind]) -> dict[int, Any]:
    by_status = sorted(kinds, key=lambda kind: (kind.status, kind.slug))
    return {
        status: _told_with(list(some))
        for status, some in groupby(by_status, key=lambda kind: kind.status)
    }


def _told_with(kinds: Sequence[Kind]) -> dict[str, Any]:
    examples = {kind.slug: {"$ref": f"#/components/examples/{kind.slug}"} for kind in kinds}
    schema = {"$ref": "#/components/schemas/Problem"}
    names = {
        "Retry-After": any(kind.status in (429, 503) for kind in kinds),
        "WWW-Authenticate": any(kind.status in (401, 403) for kind in kinds),
    }
    return {
        "description": " ".join(str(kind.title) for kind in kinds),
        "headers": _headers(*(name for name, is_there in names.items() if is_there)),
        "content": {problems.MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
