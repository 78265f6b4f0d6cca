"""Doing things by hand in a browser, as whoever one is signed in as."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from playground import clock, here
from playground.api.statuses import MAX_CHARACTERS
from playground.life import Status
from playground.models import HandDeed
from playground.people import Person
from playground.snowflake import horizon, read_id
from playground.web.context import me
from playground.world import World


@require_POST
def write(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    if not person:
        return redirect("sign_in")
    text = request.POST.get("text", "").strip()[:MAX_CHARACTERS]
    parent = None
    if request.POST.get("reply_to"):
        parent = _status(here.world(now), request.POST["reply_to"], now_horizon=horizon(now))
    if text:
        written = here.write(person, now, text=text, reply_to=parent)
        return redirect("status", person.username, written.id)
    return redirect("home")


@require_POST
def act(request: HttpRequest, status_id: int, what: str) -> HttpResponse:
    person, now = me(request), clock.now()
    if not person:
        return redirect("sign_in")
    world, until = here.world(now), horizon(now)
    status = _status(world, str(status_id), now_horizon=until)
    _act(world, person, status, what, until)
    author = world.population.person(status.author)
    return redirect("status", author.acct, status.id)


def _act(world: World, person: Person, status: Status, what: str, until: int) -> None:
    now = clock.now()
    if what == "favourite":
        has = world.has_favourited(person.number, status, until)
        kind = HandDeed.Kind.UNFAVOURITE if has else HandDeed.Kind.FAVOURITE
        here.do(person, kind, status.id, now)
    elif what == "boost":
        if world.has_boosted(person.number, status, until):
            here.do(person, HandDeed.Kind.UNBOOST, status.id, now)
        else:
            here.write(person, now, boost_of=status)
    else:
        raise Http404


def _status(world: World, status_id: str, *, now_horizon: int) -> Status:
    number = read_id(status_id)
    found = world.status(number, now_horizon) if number else None
    if not found or not found.is_public:
        raise Http404
    return found.boost_of or found
