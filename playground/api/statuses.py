"""https://docs.joinmastodon.org/methods/statuses/"""

from collections.abc import Sequence
from typing import Any

from playground import here
from playground.api.answers import NOT_FOUND, ApiError, Call, api
from playground.life import Favourite, Status
from playground.models import HandDeed
from playground.paging import page
from playground.snowflake import read_id

Json = dict[str, Any]
MAX_CHARACTERS = 500
_VISIBILITIES = ("public", "unlisted", "private", "direct")
_READ = ("read", "read:statuses")


def _status(call: Call, status_id: str) -> Status:
    number = read_id(status_id)
    found = call.world.status(number, call.entities.horizon) if number else None
    if not found or not _may_see(call, found):
        raise ApiError(404, NOT_FOUND)
    return found


def _may_see(call: Call, status: Status) -> bool:
    involved = (status.author, *status.mentions)
    return status.is_public or (call.person is not None and call.person.number in involved)


@api(*_READ, token=False)
def show(call: Call, status_id: str) -> Json:
    return call.entities.status(_status(call, status_id))


@api("write", "write:statuses")
def delete(call: Call, status_id: str) -> Json:
    status, me = _status(call, status_id), call.me
    if status.author != me.number:
        raise ApiError(404, NOT_FOUND)
    body = call.entities.status(status) | {"text": status.text}
    here.do(me, HandDeed.Kind.DELETE, status.id, call.now)
    return body


@api("write", "write:statuses")
def create(call: Call) -> Json:
    me = call.me
    text = call.params.get("status", "").strip()
    if not text:
        raise ApiError(422, "Validation failed: Text can't be blank")
    if len(text) > MAX_CHARACTERS:
        raise ApiError(
            422,
            "Validation failed: Text character limit of 500 exceeded",
        )
    visibility = call.params.get("visibility") or "public"
    if visibility not in _VISIBILITIES:
        raise ApiError(422, "Validation failed: Visibility is not included in the list")
    parent, quoted = call.params.get("in_reply_to_id"), call.params.get("quoted_status_id")
    written = here.write(
        me,
        call.now,
        text=text,
        reply_to=_status(call, parent) if parent else None,
        quote_of=_status(call, quoted) if quoted else None,
        visibility=visibility,
    )
    return call.entities.status(written)


@api(*_READ, token=False)
def context(call: Call, status_id: str) -> Json:
    status = _status(call, status_id)
    ancestors: list[Status] = []
    above = status.reply_to
    while above and _may_see(call, above):
        ancestors.insert(0, above)
        above = above.reply_to
    return {
        "ancestors": [call.entities.status(each) for each in ancestors],
        "descendants": [call.entities.status(each) for each in _below(call, status)],
    }


def _below(call: Call, status: Status) -> list[Status]:
    """The thread under a status, depth first."""
    found = []
    for reply in call.world.replies_to(status):
        if reply.id < call.entities.horizon and _may_see(call, reply):
            found += [reply, *_below(call, reply)]
    return found


def _actor(act: Favourite | Status) -> int:
    return act.author if isinstance(act, Status) else act.actor


def _actors(call: Call, acts: Sequence[Favourite | Status]) -> list[Json]:
    window = call.window(default=40, most=80)
    found = page(acts, window, call.entities.horizon)
    call.link([act.id for act in found], window, back="since_id")
    person = call.world.population.person
    return [call.entities.account(person(_actor(act))) for act in found]


@api(*_READ, token=False)
def favourited_by(call: Call, status_id: str) -> list[Json]:
    return _actors(call, call.world.favourites_of(_status(call, status_id)))


@api(*_READ, token=False)
def reblogged_by(call: Call, status_id: str) -> list[Json]:
    return _actors(call, call.world.boosts_of(_status(call, status_id)))


@api(*_READ)
def quotes(call: Call, status_id: str) -> list[Json]:
    window = call.window(default=20, most=40)
    found = page(call.world.quotes_of(_status(call, status_id)), window, call.entities.horizon)
    call.link([status.id for status in found], window)
    return [call.entities.status(status) for status in found]


def _shown(status: Status) -> Status:
    """Acting on a boost is acting on what was boosted."""
    return status.boost_of or status


@api("write", "write:favourites")
def favourite(call: Call, status_id: str) -> Json:
    me, status = call.me, _shown(_status(call, status_id))
    if not call.world.has_favourited(me.number, status, call.entities.horizon):
        here.do(me, HandDeed.Kind.FAVOURITE, status.id, call.now)
    return call.entities.status(status)


@api("write", "write:favourites")
def unfavourite(call: Call, status_id: str) -> Json:
    me, status = call.me, _shown(_status(call, status_id))
    if call.world.has_favourited(me.number, status, call.entities.horizon):
        here.do(me, HandDeed.Kind.UNFAVOURITE, status.id, call.now)
    return call.entities.status(status)


@api("write", "write:statuses")
def reblog(call: Call, status_id: str) -> Json:
    me, status = call.me, _shown(_status(call, status_id))
    if not status.is_public:
        raise ApiError(404, NOT_FOUND)
    horizon = call.entities.horizon
    boosts = (b for b in call.world.boosts_of(status) if b.author == me.number and b.id < horizon)
    boost = next(boosts, None) or here.write(me, call.now, boost_of=status)
    return call.entities.status(boost)


@api("write", "write:statuses")
def unreblog(call: Call, status_id: str) -> Json:
    me, status = call.me, _shown(_status(call, status_id))
    if call.world.has_boosted(me.number, status, call.entities.horizon):
        here.do(me, HandDeed.Kind.UNBOOST, status.id, call.now)
    return call.entities.status(status)
