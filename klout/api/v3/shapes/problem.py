"""What every error looks like (RFC 9457)."""

from klout.api.v3.shapes.base import Shape, told


class Wrong(Shape):
    """One thing in the request that is not right."""

    in_: str = told("Where: `body`, `query`, `path` or `header`.", "body", alias="in")
    name: str = told("What there.", "to")
    what: str = told("What is not right about it.", "Field required")


class Problem(Shape):
    """What went wrong. Programs read `type`, which stays; people read the rest."""

    type: str = told(
        "Names the kind of problem, and leads to a page about it.",
        "https://klout.example/api/v3/problems/not-found/",
    )
    title: str = told("The kind of problem, in words.", "There is nothing here.")
    status: int = told("The HTTP status.", 404)
    detail: str = told("What happened here, what was kept and what to do.", "Check the address.")
    request_id: str = told("For whoever runs the site.", "3f2b1c0d9e8a7f65")
    scope: str = told("With `no-scope`: the one that is needed.", "score:read", default="")
    errors: list[Wrong] = told("With `invalid`: each thing.", [], default_factory=list)
