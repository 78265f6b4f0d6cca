"""What somebody made public, for programs."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Router

from accounts.scopes import Scope
from klout import showing
from klout.api import quota
from klout.api.v3 import problems
from klout.api.v3.operations import asked_by
from klout.api.v3.problems import Problem
from klout.api.v3.registry import Call, reads
from klout.api.v3.shapes import member as shapes

router = Router(tags=["Profiles"])
Name = Annotated[
    str,
    Path(
        description="A public name, as it stands in the address of the page; in any case.",
        examples=["grace"],
        max_length=60,
    ),
]


@reads(
    router,
    Call(
        "/profiles/{str:name}",
        Scope.PROFILES_READ,
        {200: shapes.Profile},
        (problems.NOT_FOUND, problems.INVALID),
        works_uncounted=False,
    ),
)
def profile(request: HttpRequest, name: Name) -> shapes.Profile:
    """Somebody's public profile.

    By their public name, one at a time, and 200 different members a day. Who is private, who is
    unknown and who does not let the API answer get the same answer.
    """
    asked = asked_by(request)
    found = showing.profile_for_programs(name, asked.now)
    if found is None:
        raise Problem(problems.NOT_FOUND)
    kloutid = str(found.member.api_presence.kloutid)
    if not quota.may_see(asked.caller.counted_as, [kloutid], asked.now):
        wait = {"Retry-After": str(quota.seen_enough(asked.now).retry_after)}
        said = _(
            "This key has seen as many different members today as it may. Go on after midnight "
            "UTC; those that it has seen still answer."
        )
        raise Problem(problems.TOO_MANY, said, headers=wait)
    return shapes.Profile.of(found)
