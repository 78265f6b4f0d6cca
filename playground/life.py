"""What happens when: statuses, replies, boosts, quotes, favourites, follows, unfollows.

Pure: what happens on a day depends on the seed, the start day and that day alone. A status
draws everything that follows from it out of its own number, up to `SPILL` days later; a day
is what began on it and what spilled over from the days before.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from random import Random
from typing import NamedTuple

from playground.people import Kind, Person, Population
from playground.snowflake import milliseconds, snowflake

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
SPILL = 4
# Scores look back 90 days, and their first 90 days of history need whole windows behind them.
DAYS_BEFORE = 220


@dataclass(frozen=True, slots=True, eq=False)
class Status:
    """Something written, or passed on (`boost_of`). People are given by number.

    `text` is empty for what the generated people write: their words come from `seed`.
    """

    id: int
    author: int
    topic: str
    seed: int
    reply_to: "Status | None" = None
    boost_of: "Status | None" = None
    quote_of: "Status | None" = None
    mentions: tuple[int, ...] = ()
    text: str = ""
    visibility: str = "public"

    @property
    def is_public(self) -> bool:
        return self.visibility in ("public", "unlisted")


@dataclass(frozen=True, slots=True, eq=False)
class Favourite:
    id: int
    actor: int
    status: Status


@dataclass(frozen=True, slots=True, eq=False)
class Follow:
    id: int
    actor: int
    target: int


@dataclass(frozen=True, slots=True, eq=False)
class Unfollow:
    id: int
    actor: int
    target: int


Event = Status | Favourite | Follow | Unfollow


class Listener(NamedTuple):
    """Somebody who may react to a person's statuses, and how likely they are to.

    A friend does so in calm weeks as in lively ones.
    """

    number: int
    warmth: float
    replies: float
    boosts: float
    is_friend: bool = False


class Life:
    """The days of one network."""

    def __init__(self, population: Population, seed: str, start: date) -> None:
        self._population = population
        self._seed = seed
        self._start_ms = milliseconds(datetime.combine(start, time.min, UTC))
        self._circles = _circles(population, seed)
        self._begun_on = lru_cache(maxsize=2 * SPILL)(self._begin)

    def events_on(self, day: int) -> tuple[Event, ...]:
        """Everything that happens on that day (0 is the start day), in order of time."""
        first = snowflake(self._start_ms + day * DAY_MS, 0)
        after = snowflake(self._start_ms + (day + 1) * DAY_MS, 0)
        events = [
            event
            for begun in range(max(day - SPILL, -DAYS_BEFORE), day + 1)
            for event in self._begun_on(begun)
            if first <= event.id < after
        ]
        return tuple(sorted(events, key=lambda event: event.id))

    def initial_follows(self) -> Iterator[Follow]:
        """Who followed whom before the first day; nobody was told."""
        number = 0
        for target, circle in enumerate(self._circles):
            for listener in circle:
                number += 1
                yield Follow(number, listener.number, target)

    def reactions_to(self, status: Status, day: int) -> Iterator[Event]:
        """What a status sets off among the people here, itself not included."""
        rng = Random(f"{self._seed}:after:{status.seed}")
        author = self._population.person(status.author)
        interest = _wave(author, day - 9)
        glow = rng.choices((0.6, 1.0, 2.2, 4.5), (50, 35, 12, 3))[0]
        for listener in self._circles[status.author]:
            drawn_by = glow if listener.is_friend else glow * interest
            if rng.random() < listener.warmth * drawn_by:
                yield from self._react(status, author, listener, day, rng)

    def _begin(self, day: int) -> tuple[Event, ...]:
        events: list[Event] = list(self._follows_on(day))
        for status in self._written_on(day):
            events.append(status)
            events.extend(self.reactions_to(status, day))
        return tuple(events)

    def _written_on(self, day: int) -> Iterator[Status]:
        rng = Random(f"{self._seed}:day:{day}")
        for person in self._population.people:
            expected = person.posts_a_day * _wave(person, day)
            for nth in range(int(expected) + (rng.random() < expected % 1)):
                hour = rng.gauss(person.hour, 3.5) % 24
                topic = rng.choice(person.topics)
                is_mention = rng.random() < 0.05
                if person.is_active_on(day):
                    seed = (day + DAYS_BEFORE) << 24 | person.number << 8 | nth
                    mentions = self._someone_close(person, day, rng) if is_mention else ()
                    status_id = self._id(day, hour, rng)
                    yield Status(status_id, person.number, topic, seed, mentions=mentions)

    def _someone_close(self, person: Person, day: int, rng: Random) -> tuple[int, ...]:
        close = [
            listener.number
            for listener in self._circles[person.number]
            if listener.replies > 0.1 and self._population.person(listener.number).is_active_on(day)
        ]
        return (rng.choice(close),) if close else ()

    def _react(
        self, status: Status, author: Person, listener: Listener, day: int, rng: Random
    ) -> Iterator[Event]:
        actor = self._population.person(listener.number)
        delay = min(rng.lognormvariate(1.0, 1.1), 70.0)
        what = rng.random()
        if not (actor.is_active_on(day) and actor.is_active_on(day + int(delay / 24) + 1)):
            return
        if what < listener.replies:
            reply = self._reply(status, listener.number, author.number, delay, rng)
            yield reply
            yield from self._answer(reply, author, actor, day, rng)
            if rng.random() < 0.4:
                yield Favourite(_later(reply.id, -0.02, rng), actor.number, status)
        elif what < listener.replies + listener.boosts:
            at, seed = _later(status.id, delay, rng), rng.getrandbits(40)
            if rng.random() < 0.1:
                yield Status(at, actor.number, status.topic, seed, quote_of=status)
            else:
                yield Status(at, actor.number, status.topic, seed, boost_of=status)
        else:
            yield Favourite(_later(status.id, delay, rng), actor.number, status)

    def _answer(
        self, reply: Status, author: Person, actor: Person, day: int, rng: Random
    ) -> Iterator[Event]:
        """The author answers, or at least says thanks with a star; now and then it goes on."""
        warmth = 2.0 if _are_close(author, actor) else 1.0
        if not author.is_active_on(day + SPILL):
            return
        if rng.random() < author.answers * warmth:
            answer = self._reply(reply, author.number, actor.number, rng.uniform(0.2, 9), rng)
            yield answer
            if rng.random() < 0.2:
                yield self._reply(answer, actor.number, author.number, rng.uniform(0.1, 5), rng)
        elif rng.random() < author.answers:
            yield Favourite(_later(reply.id, rng.uniform(0.1, 9), rng), author.number, reply)

    def _reply(self, to: Status, actor: int, target: int, delay: float, rng: Random) -> Status:
        at, seed = _later(to.id, delay, rng), rng.getrandbits(40)
        return Status(at, actor, to.topic, seed, reply_to=to, mentions=(target,))

    def _follows_on(self, day: int) -> Iterator[Event]:
        rng = Random(f"{self._seed}:follows:{day}")
        people = self._population.people
        for _ in range(rng.randrange(4)):
            actor, target = rng.choice(people), rng.choice(people)
            if actor is not target and actor.is_active_on(day) and target.is_active_on(day):
                yield Follow(self._id(day, actor.hour, rng), actor.number, target.number)
        if rng.random() < 0.5:
            target = rng.choice(people[: len(people) // 2])
            circle = self._circles[target.number]
            if circle:
                cool = min(circle, key=lambda listener: (listener.warmth, listener.number))
                yield Unfollow(self._id(day, 12, rng), cool.number, target.number)
        for username, pace in (("ada", 1.1), ("tomas", 0.2), ("noor", 0.3), ("grace", 0.12)):
            yield from self._strangers_on(day, self._population.named(username), pace, rng)

    def _strangers_on(self, day: int, owner: Person, pace: float, rng: Random) -> Iterator[Event]:
        """New followers from beyond the few hundred; `pace` is how many a day."""
        for nth in range(int(pace * 2 * rng.random() + rng.random())):
            index = owner.followers_before + (day + DAYS_BEFORE) * 4 + nth
            hour = 24 * rng.random()
            if owner.is_active_on(day):
                number = self._population.stranger_who_follows(owner, index)
                yield Follow(self._id(day, hour, rng), number, owner.number)

    def _id(self, day: int, hour: float, rng: Random) -> int:
        at = self._start_ms + day * DAY_MS + int(hour * HOUR_MS)
        return snowflake(at, rng.getrandbits(16))


def _later(status_id: int, hours: float, rng: Random) -> int:
    return snowflake((status_id >> 16) + int(hours * HOUR_MS), rng.getrandbits(16))


def _wave(person: Person, day: int) -> float:
    """Everybody has livelier and calmer weeks, in what they write and in what they set off."""
    season = math.sin(2 * math.pi * (day + 11 * person.number) / 83)
    mood = math.sin(2 * math.pi * (day + 5 * person.number) / 37)
    return 1 + 0.5 * season + 0.3 * mood


_CLOSE = frozenset({("ada", "grace"), ("ada", "tomas"), ("ada", "noor"), ("grace", "noor")})


def _are_close(one: Person, other: Person) -> bool:
    return (one.username, other.username) in _CLOSE or (other.username, one.username) in _CLOSE


# Who listens to whom among the people with names: warmth, share of replies, share of boosts.
_BONDS: dict[tuple[str, str], tuple[float, float, float]] = {
    ("ada", "grace"): (0.30, 0.6, 0.3),
    ("ada", "tomas"): (0.22, 0.5, 0.2),
    ("ada", "noor"): (0.16, 0.7, 0.1),
    ("ada", "lena"): (0.12, 0.5, 0.2),
    ("ada", "mallory"): (0.10, 0.0, 0.0),
    ("grace", "ada"): (0.22, 0.5, 0.3),
    ("grace", "noor"): (0.25, 0.6, 0.1),
    ("grace", "tomas"): (0.08, 0.6, 0.1),
    ("mallory", "grace"): (0.13, 0.9, 0.0),
    ("noor", "grace"): (0.30, 0.6, 0.3),
    ("noor", "ada"): (0.15, 0.7, 0.2),
    ("tomas", "grace"): (0.30, 0.5, 0.4),
    ("tomas", "ada"): (0.35, 0.4, 0.5),
    ("tomas", "noor"): (0.10, 0.7, 0.1),
    ("lena", "grace"): (0.12, 0.5, 0.2),
}


def _circles(population: Population, seed: str) -> tuple[tuple[Listener, ...], ...]:
    """For everybody, who listens to them: by kind, by what they care about, and by bond."""
    return tuple(_circle(population, person, seed) for person in population.people)


def _circle(population: Population, person: Person, seed: str) -> tuple[Listener, ...]:
    rng = Random(f"{seed}:circle:{person.number}")
    found = [
        Listener(other.number, *_BONDS[(person.username, other.username)], is_friend=True)
        for other in population.people
        if (person.username, other.username) in _BONDS
    ]
    known = {listener.number for listener in found} | {person.number}
    for other in population.people:
        if other.number in known:
            continue
        draw, tone = rng.random(), rng.random()
        listener = _listener(person, other, draw, tone)
        if listener:
            found.append(listener)
    return tuple(found)


# How much of each kind listens to a character, and how warmly at most.
_AUDIENCE: dict[str, dict[Kind, tuple[float, float]]] = {
    "ada": {Kind.REGULAR: (0.7, 0.1), Kind.ORDINARY: (0.45, 0.025), Kind.LURKER: (0.5, 0.02)},
    "tomas": {Kind.REGULAR: (0.45, 0.15), Kind.ORDINARY: (0.2, 0.05), Kind.LURKER: (0.2, 0.02)},
    "grace": {Kind.REGULAR: (0.4, 0.08), Kind.ORDINARY: (0.18, 0.04), Kind.LURKER: (0.1, 0.02)},
    "lena": {Kind.REGULAR: (0.25, 0.08), Kind.ORDINARY: (0.12, 0.05), Kind.LURKER: (0.1, 0.02)},
    "noor": {Kind.REGULAR: (0.1, 0.06), Kind.ORDINARY: (0.05, 0.06)},
    "mallory": {Kind.FARMED: (1.0, 0.14), Kind.ORDINARY: (0.01, 0.004), Kind.LURKER: (0.03, 0.01)},
}


def _listener(person: Person, other: Person, draw: float, tone: float) -> Listener | None:
    if person.kind is Kind.CHARACTER:
        share, warmest = _AUDIENCE[person.username].get(other.kind, (0.0, 0.0))
        warmth = warmest * (0.25 + 0.75 * draw / share) if draw < share else 0.0
    else:
        warmth = _everyday_warmth(person, other, draw)
    if not warmth:
        return None
    if other.kind in (Kind.FARMED, Kind.LURKER):
        return Listener(other.number, warmth, 0.0, 0.0)
    return Listener(other.number, warmth, 0.15 + 0.4 * tone, 0.12 + 0.1 * tone)


def _everyday_warmth(person: Person, other: Person, draw: float) -> float:
    if other.kind is Kind.FARMED or person.kind is Kind.FARMED or other.kind is Kind.BOT:
        return 0.0
    shared = len(set(person.topics) & set(other.topics))
    chance = (0.015 if person.kind is Kind.ORDINARY else 0.03) * (1 + 3 * shared)
    if other.kind is Kind.CHARACTER:
        chance *= 1.5
    return 0.02 + 0.18 * draw / chance if draw < chance else 0.0
