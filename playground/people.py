"""Who lives here: a few hundred people with character, and the crowd behind their figures.

Pure: the same seed and start day give the same people. Days are counted from the start day,
so the past of the network has negative numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from random import Random

from playground.names import FAMILY, GIVEN, TOWNS
from playground.snowflake import milliseconds, snowflake
from playground.vocabulary import TOPICS

REMOTE_HOSTS = ("tidepool.example", "longshore.example", "fernweh.example")


class Kind(StrEnum):
    """What somebody is like; decides how lively they are and how their profile looks."""

    CHARACTER = "character"
    REGULAR = "regular"
    ORDINARY = "ordinary"
    LURKER = "lurker"
    FARMED = "farmed"
    BOT = "bot"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Person:
    """One account. `host` is empty for those who live here.

    `followers_before` and `following_before` count the crowd beyond the few hundred people;
    `first_day` and `last_day` bound the days on which somebody writes and reacts.
    """

    number: int
    id: int
    username: str
    name: str
    kind: Kind
    joined_at: datetime
    host: str = ""
    note: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    town: str = ""
    topics: tuple[str, ...] = ()
    posts_a_day: float = 0.0
    answers: float = 0.0
    hour: float = 14.0
    followers_before: int = 0
    following_before: int = 0
    statuses_before: int = 0
    is_bot: bool = False
    first_day: int = -100_000
    last_day: int = 100_000

    @property
    def acct(self) -> str:
        """The name as seen from here: `ada`, or `ines@tidepool.example`."""
        return f"{self.username}@{self.host}" if self.host else self.username

    def is_active_on(self, day: int) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Character:
    """A person one is invited to be, before the figures that depend on the start day."""

    username: str
    name: str
    line: str
    note: str
    topics: tuple[str, ...]
    joined_days_ago: int
    posts_a_day: float
    answers: float
    followers_before: int
    following_before: int
    statuses_before: int
    town: str
    first_day: int = -100_000
    last_day: int = 100_000
    fields: tuple[tuple[str, str], ...] = ()


CHARACTERS = (
    Character(
        username="ada",
        name="Ada Lind",
        line="Writes about bridges and maintenance, and is answered a lot.",
        note="Essays on bridges, maintenance and the people who come back with a wrench.",
        topics=("bridges", "maintenance"),
        joined_days_ago=1890,
        posts_a_day=0.62,
        answers=0.3,
        followers_before=8240,
        following_before=212,
        statuses_before=2841,
        town="Bergen",
        fields=(("Writing", "Load and Care, a monthly letter"), ("Pronouns", "she/her")),
    ),
    Character(
        username="grace",
        name="Grace Oduya",
        line="The friend: reads, answers and passes on what others wrote.",
        note="Librarian. Mends things on Thursdays. I answer slowly, but I answer.",
        topics=("libraries", "mending", "maintenance"),
        joined_days_ago=1430,
        posts_a_day=0.55,
        answers=0.6,
        followers_before=706,
        following_before=190,
        statuses_before=1904,
        town="Leeds",
        fields=(("At work", "The desk by the window"),),
    ),
    Character(
        username="mallory",
        name="Mallory Vex",
        line="25,000 bought followers, a bot farm that likes everything, few real answers.",
        note="Helping winners win. 25K strong. DM for collabs.",
        topics=("sales",),
        joined_days_ago=520,
        posts_a_day=0.8,
        answers=0.0,
        followers_before=25_000,
        following_before=4_310,
        statuses_before=930,
        town="Valencia",
    ),
    Character(
        username="noor",
        name="Noor Haddad",
        line="Joined a few weeks ago and is finding her way.",
        note="New here. Learning maps, birds and where everything is.",
        topics=("maps", "birds"),
        joined_days_ago=47,
        posts_a_day=0.7,
        answers=0.5,
        followers_before=12,
        following_before=18,
        statuses_before=0,
        town="Ghent",
        first_day=-47,
    ),
    Character(
        username="tomas",
        name="Tomás Reyes",
        line="The quiet expert: writes seldom, and then everybody reads it.",
        note="Thirty years of tide gauges and barometers. Mostly reading.",
        topics=("weather", "bridges"),
        joined_days_ago=2105,
        posts_a_day=0.22,
        answers=0.5,
        followers_before=870,
        following_before=64,
        statuses_before=611,
        town="Porto",
    ),
    Character(
        username="lena",
        name="Lena Fischer",
        line="Wrote most days, and has been silent for some weeks.",
        note="Night trains, timetables, thermos flasks.",
        topics=("trains", "music"),
        joined_days_ago=1210,
        posts_a_day=0.75,
        answers=0.5,
        followers_before=410,
        following_before=240,
        statuses_before=2210,
        town="Hamburg",
        last_day=-24,
    ),
)

_BOTS = (
    ("harbourbridge", "Harbour Bridge", "Open or closed? Ask me. I am a bot.", "bridges", 2.0),
    ("gullweather", "Gull Weather", "Readings from the pier. I am a bot.", "weather", 1.5),
    ("oldmaps", "Old Maps", "One old map a day. I am a bot.", "maps", 1.0),
)
_NEIGHBOURS = (
    ("ines", "Inês Moura", "tidepool.example", "Tide tables and tea."),
    ("jun", "Jun Aoki", "longshore.example", "Bridges I have slept under. On time, mostly."),
)
_MAKE = {Kind.REGULAR: 46, Kind.ORDINARY: 190, Kind.LURKER: 50, Kind.FARMED: 60}
_REMOTES = 60

# Strangers are counted, listed and sometimes follow, and are made when somebody looks.
_STRANGERS_FROM = 1_000
_STRIDE = 40_000
_FOLLOWED_FROM = 30_000
_STRANGER_EPOCH_MS = milliseconds(datetime(2022, 1, 3, tzinfo=UTC))


class Population:
    """Everybody, by number, id and name."""

    def __init__(self, people: Sequence[Person], seed: str, start: date) -> None:
        self.people = tuple(people)
        self.seed = seed
        self.start = start
        self._by_id = {person.id: person for person in self.people}
        self._by_acct = {person.acct.lower(): person for person in self.people}
        self._stranger = lru_cache(maxsize=4096)(self._make_stranger)

    def person(self, number: int) -> Person:
        if number < len(self.people):
            return self.people[number]
        return self._stranger(number)

    def named(self, username: str) -> Person:
        """One of the people who are always there; KeyError for anybody else."""
        return self._by_acct[username]

    def by_acct(self, acct: str) -> Person | None:
        """Who is called `ada` or `ines@tidepool.example`; strangers too."""
        wanted = acct.lower()
        found = self._by_acct.get(wanted)
        if found:
            return found
        code = _code_in_name(wanted.partition("@")[0])
        stranger = self._known_stranger(code)
        return stranger if stranger and stranger.acct.lower() == wanted else None

    def by_id(self, account_id: int) -> Person | None:
        found = self._by_id.get(account_id)
        if found:
            return found
        code, rest = divmod((account_id >> 16) - _STRANGER_EPOCH_MS, 1000)
        stranger = self._known_stranger(None if rest else code)
        return stranger if stranger and stranger.id == account_id else None

    def stranger_who_follows(self, owner: Person, index: int) -> int:
        """The number of the index-th stranger in somebody's audience."""
        return _STRANGERS_FROM + owner.number * _STRIDE + index

    def stranger_followed_by(self, owner: Person, index: int) -> int:
        return _STRANGERS_FROM + owner.number * _STRIDE + _FOLLOWED_FROM + index

    def _known_stranger(self, code: int | None) -> Person | None:
        if code is None or not 0 <= code < len(self.people) * _STRIDE:
            return None
        return self._stranger(_STRANGERS_FROM + code)

    def _make_stranger(self, number: int) -> Person:
        code = number - _STRANGERS_FROM
        owner = self.people[code // _STRIDE]
        rng = Random(f"{self.seed}:stranger:{code}")
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        is_bought = owner.username == "mallory" and code % _STRIDE < _FOLLOWED_FROM
        joined_on = self.start - timedelta(days=430 + rng.randrange(900))
        person = Person(
            number=number,
            id=snowflake(_STRANGER_EPOCH_MS + code * 1000, code),
            username=f"{given}_{_base36(code)}".lower(),
            name=f"{given} {family}",
            kind=Kind.STRANGER,
            joined_at=_at(joined_on, rng),
            topics=(rng.choice(list(TOPICS)),),
        )
        if is_bought:
            return _farmed(person, rng)
        return replace(
            person,
            host=rng.choice(("", *REMOTE_HOSTS)),
            followers_before=int(rng.lognormvariate(3.4, 1.1)),
            following_before=int(rng.lognormvariate(4.6, 0.8)),
            statuses_before=int(rng.lognormvariate(3.5, 1.6)),
        )


def populate(seed: str, start: date) -> Population:
    """The people of a network that first started on `start`."""
    people = [_character(number, who, seed, start) for number, who in enumerate(CHARACTERS)]
    taken = {person.username for person in people} | {row[0] for row in (*_BOTS, *_NEIGHBOURS)}
    for username, name, note, topic, pace in _BOTS:
        people.append(_bot(len(people), username, name, note, topic, pace, seed, start))
    for kind, count in _MAKE.items():
        for _ in range(count):
            people.append(_inhabitant(len(people), kind, "", taken, seed, start))
    for index in range(_REMOTES):
        host = REMOTE_HOSTS[index % len(REMOTE_HOSTS)]
        people.append(_inhabitant(len(people), Kind.REGULAR, host, taken, seed, start))
    for username, name, host, note in _NEIGHBOURS:
        somebody = _inhabitant(len(people), Kind.REGULAR, host, taken, seed, start)
        people.append(replace(somebody, username=username, name=name, note=note))
    return Population(people, seed, start)


def _character(number: int, who: Character, seed: str, start: date) -> Person:
    rng = Random(f"{seed}:character:{who.username}")
    joined_at = _at(start - timedelta(days=who.joined_days_ago), rng)
    return Person(
        number=number,
        id=snowflake(milliseconds(joined_at), number),
        username=who.username,
        name=who.name,
        kind=Kind.CHARACTER,
        joined_at=joined_at,
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


def _bot(
    number: int, username: str, name: str, note: str, topic: str, pace: float, seed: str, day: date
) -> Person:
    joined_at = _at(day - timedelta(days=900), Random(f"{seed}:bot:{username}"))
    return Person(
        number=number,
        id=snowflake(milliseconds(joined_at), number),
        username=username,
        name=name,
        kind=Kind.BOT,
        joined_at=joined_at,
        note=note,
        topics=(topic,),
        posts_a_day=pace,
        followers_before=640,
        statuses_before=int(650 * pace),
        is_bot=True,
    )


def _inhabitant(
    number: int, kind: Kind, host: str, taken: set[str], seed: str, start: date
) -> Person:
    rng = Random(f"{seed}:person:{number}")
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    username = given.lower()
    while username in taken:
        family = rng.choice(FAMILY)
        username = f"{given}_{family}".lower()
    taken.add(username)
    joined_at = _at(start - timedelta(days=_days_here(kind, rng)), rng)
    topics = tuple(rng.sample([name for name in TOPICS if name != "sales"], 2))
    town = rng.choice(TOWNS)
    person = Person(
        number=number,
        id=snowflake(milliseconds(joined_at), number),
        username=username,
        name=f"{given} {family}",
        kind=kind,
        joined_at=joined_at,
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
        return _farmed(person, rng)
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


def _farmed(person: Person, rng: Random) -> Person:
    """Follows thousands, says nothing, is followed by nobody."""
    return replace(
        person,
        followers_before=rng.randrange(9),
        following_before=rng.randrange(900, 4000),
        statuses_before=rng.randrange(4),
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


def _at(day: date, rng: Random) -> datetime:
    """Some time on that day, to the millisecond."""
    return datetime.combine(day, time.min, UTC) + timedelta(milliseconds=rng.randrange(86_400_000))


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _code_in_name(username: str) -> int | None:
    _, has_code, code = username.rpartition("_")
    try:
        return int(code, 36) if has_code else None
    except ValueError:
        return None
