"""How the network was settled: who lives here and elsewhere, from seed and start day. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from playground.characters import BOTS, CHARACTERS, NEIGHBOURS, Bot, Character
from playground.names import FAMILY, GIVEN, TOWNS
from playground.people import REMOTE_HOSTS, Kind, Person, Population, as_farmed, some_time_on
from playground.snowflake import milliseconds, snowflake
from playground.vocabulary import TOPICS

_MAKE = {Kind.REGULAR: 46, Kind.ORDINARY: 190, Kind.LURKER: 50, Kind.FARMED: 60}
_REMOTES = 60


def populate(seed: str, start: date) -> Population:
    """The people of a network that first started on `start`."""
    return Population(tuple(_Settlers(seed, start).all()), seed, start)


class _Settlers:
    """Numbers people in the order of their making, and gives no name twice."""

    def __init__(self, seed: str, start: date) -> None:
        self._seed = seed
        self._start = start
        self._made = 0
        self._taken = {who.username for who in (*CHARACTERS, *BOTS, *NEIGHBOURS)}

    def all(self) -> Iterator[Person]:
        for who in CHARACTERS:
            yield self._character(who)
        for bot in BOTS:
            yield self._bot(bot)
        for kind, count in _MAKE.items():
            for _ in range(count):
                yield self._somebody(kind)
        for index in range(_REMOTES):
            yield self._somebody(Kind.REGULAR, REMOTE_HOSTS[index % len(REMOTE_HOSTS)])
        for near in NEIGHBOURS:
            somebody = self._somebody(Kind.REGULAR, near.host)
            yield replace(somebody, username=near.username, name=near.name, note=near.note)

    def _newcomer(self, username: str, name: str, kind: Kind, days_ago: int, rng: Random) -> Person:
        """Somebody with the next number and an account made so many days before the start."""
        number, self._made = self._made, self._made + 1
        joined_at = some_time_on(self._start - timedelta(days=days_ago), rng)
        return Person(
            number=number,
            id=snowflake(milliseconds(joined_at), number),
            username=username,
            name=name,
            kind=kind,
            joined_at=joined_at,
        )

    def _character(self, who: Character) -> Person:
        rng = Random(f"{self._seed}:character:{who.username}")
        made = self._newcomer(who.username, who.name, Kind.CHARACTER, who.joined_days_ago, rng)
        return replace(
            made,
            note=who.note,
            fields=who.fields,
            town=who.town,
            topics=who.topics,
            posts_a_day=who.posts_a_day,
            answers=who.answers,
            hour=10 + 6 * rng.random(),
            followers_before=who.followers_before,
            following_before=who.following_before,
            statuses_before=who.statuses_before,
            first_day=who.first_day,
            last_day=who.last_day,
        )

    def _bot(self, bot: Bot) -> Person:
        rng = Random(f"{self._seed}:bot:{bot.username}")
        return replace(
            self._newcomer(bot.username, bot.name, Kind.BOT, 900, rng),
            note=bot.note,
            topics=(bot.topic,),
            posts_a_day=bot.posts_a_day,
            followers_before=640,
            statuses_before=int(650 * bot.posts_a_day),
            is_bot=True,
        )

    def _somebody(self, kind: Kind, host: str = "") -> Person:
        rng = Random(f"{self._seed}:person:{self._made}")
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        username = given.lower()
        while username in self._taken:
            family = rng.choice(FAMILY)
            username = f"{given}_{family}".lower()
        self._taken.add(username)
        person = self._newcomer(username, f"{given} {family}", kind, _days_here(kind, rng), rng)
        topics = tuple(rng.sample([name for name in TOPICS if name != "sales"], 2))
        town = rng.choice(TOWNS)
        person = replace(
            person,
            host=host,
            note="" if kind in (Kind.LURKER, Kind.FARMED) else _note(topics, town, rng),
            town=town,
            topics=topics,
            hour=8 + 13 * rng.random(),
        )
        return _with_figures(person, rng)


def _days_here(kind: Kind, rng: Random) -> int:
    """A farm signs up within a week; others came over the years."""
    if kind is Kind.FARMED:
        return 425 + rng.randrange(7)
    return (400 if kind is Kind.REGULAR else 240) + rng.randrange(1900)


def _with_figures(person: Person, rng: Random) -> Person:
    """The person with a pace and the counts from before that go with their kind."""
    if person.kind is Kind.FARMED:
        return as_farmed(person, rng)
    if person.kind is Kind.LURKER:
        return replace(
            person,
            followers_before=rng.randrange(30),
            following_before=rng.randrange(40, 260),
            statuses_before=rng.randrange(12),
        )
    if person.kind is Kind.REGULAR:
        return replace(
            person,
            posts_a_day=0.15 + 0.4 * rng.random(),
            answers=0.2 + 0.3 * rng.random(),
            followers_before=rng.randrange(220, 1500),
            following_before=rng.randrange(120, 420),
            statuses_before=rng.randrange(700, 9000),
        )
    return replace(
        person,
        posts_a_day=0.04 + 0.14 * rng.random(),
        answers=0.3 * rng.random(),
        followers_before=rng.randrange(15, 420),
        following_before=rng.randrange(60, 500),
        statuses_before=rng.randrange(40, 2200),
    )


def _note(topics: tuple[str, ...], town: str, rng: Random) -> str:
    first, second = topics
    return rng.choice(
        (
            f"{first.title()} and {second}, from {town}.",
            f"Mostly {first}. Sometimes {second}. Never before coffee.",
            f"{town}. I write about {first} and answer about {second}.",
            f"Here for {first}, staying for {second}.",
        )
    )
