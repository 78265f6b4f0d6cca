"""The one world of this process, with what was done by hand played into it."""

import json
from datetime import date, datetime
from functools import cache
from threading import Lock

from django.db.models import Max

from playground import clock, settings
from playground.keeping import keep
from playground.life import Event, Favourite, Follow, Status, Unfollow
from playground.models import HandDeed, HandStatus
from playground.people import Person
from playground.snowflake import horizon, milliseconds, moment_of, snowflake
from playground.world import World
from playground.writing import accts_in

_writing = Lock()


@cache
def _world() -> World:
    beginning = _beginning()
    built = World(beginning["seed"], date.fromisoformat(beginning["start_day"]))
    built.advance(clock.now())
    _play_again(built)
    return built


def world(now: datetime) -> World:
    """The world with every day up to today begun."""
    built = _world()
    built.advance(now)
    return built


def _beginning() -> dict[str, str]:
    """Seed and start day, written down at the first start."""
    first = {"seed": settings.SEED, "start_day": clock.now().date().isoformat()}
    kept: dict[str, str] = json.loads(
        keep(settings.DATA_DIR / "world.json", lambda: json.dumps(first))
    )
    return kept


def _play_again(world: World) -> None:
    rows: list[HandStatus | HandDeed] = [*HandStatus.objects.all(), *HandDeed.objects.all()]
    for row in sorted(rows, key=lambda row: row.id):
        if isinstance(row, HandStatus):
            _place(world, row)
        else:
            _apply(world, row)


def _place(world: World, row: HandStatus) -> Status | None:
    """Put a status made by hand into the world, with what it sets off among the people."""
    parents = {
        name: world.status(parent_id, row.id)
        for name in ("reply_to", "boost_of", "quote_of")
        if (parent_id := getattr(row, name))
    }
    if None in parents.values():
        return None
    author = world.population.person(row.author)
    named = (world.population.by_acct(acct) for acct in accts_in(row.text))
    mentions = dict.fromkeys(person.number for person in named if person and person != author)
    topic = author.topics[0] if author.topics else "maps"
    status = Status(
        row.id,
        row.author,
        topic,
        row.id,
        mentions=tuple(mentions),
        text=row.text,
        visibility=row.visibility,
        **parents,
    )
    events: list[Event] = [status]
    if not parents and status.is_public:
        day = (moment_of(row.id).date() - world.start).days
        events.extend(world.life.reactions_to(status, day))
    world.add(sorted(events, key=lambda event: event.id))
    return status


def _apply(world: World, row: HandDeed) -> None:
    if row.kind == HandDeed.Kind.FOLLOW:
        world.add([Follow(row.id, row.actor, row.target)])
    elif row.kind == HandDeed.Kind.UNFOLLOW:
        world.add([Unfollow(row.id, row.actor, row.target)])
    elif status := world.status(row.target, row.id):
        if row.kind == HandDeed.Kind.FAVOURITE:
            world.add([Favourite(row.id, row.actor, status)])
        elif row.kind == HandDeed.Kind.UNFAVOURITE:
            world.take_back_favourite(row.actor, status, row.id)
        elif row.kind == HandDeed.Kind.UNBOOST:
            world.take_back_boost(row.actor, status, row.id)
        else:
            world.delete(status)


def _next_id(now: datetime) -> int:
    """Ids grow even when the clock stands still."""
    newest = max(
        rows.objects.filter(id__lt=horizon(now)).aggregate(newest=Max("id"))["newest"] or 0
        for rows in (HandStatus, HandDeed)
    )
    return max(newest + 1, snowflake(milliseconds(now), 0))


def write(
    author: Person,
    now: datetime,
    *,
    text: str = "",
    reply_to: Status | None = None,
    boost_of: Status | None = None,
    quote_of: Status | None = None,
    visibility: str = "public",
) -> Status:
    """Write, boost or quote by hand."""
    with _writing:
        row = HandStatus.objects.create(
            id=_next_id(now),
            author=author.number,
            text=text,
            reply_to=reply_to and reply_to.id,
            boost_of=boost_of and boost_of.id,
            quote_of=quote_of and quote_of.id,
            visibility=visibility,
        )
        placed = _place(world(now), row)
    assert placed is not None  # noqa: S101 - the parents were just read from the same world
    return placed


def do(actor: Person, kind: HandDeed.Kind, target: int, now: datetime) -> None:
    """Favourite, follow, or take something back, by hand."""
    with _writing:
        row = HandDeed.objects.create(
            id=_next_id(now), kind=kind, actor=actor.number, target=target
        )
        _apply(world(now), row)
