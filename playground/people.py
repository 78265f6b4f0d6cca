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

from playground.names import FAMILY, GIVEN
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
            joined_at=some_time_on(joined_on, rng),
            topics=(rng.choice(list(TOPICS)),),
        )
        if is_bought:
            return as_farmed(person, rng)
        return replace(
            person,
            host=rng.choice(("", *REMOTE_HOSTS)),
            followers_before=int(rng.lognormvariate(3.4, 1.1)),
            following_before=int(rng.lognormvariate(4.6, 0.8)),
            statuses_before=int(rng.lognormvariate(3.5, 1.6)),
        )


def as_farmed(person: Person, rng: Random) -> Person:
    """Follows thousands, says nothing, is followed by nobody."""
    return replace(
        person,
        followers_before=rng.randrange(9),
        following_before=rng.randrange(900, 4000),
        statuses_before=rng.randrange(4),
    )


def some_time_on(day: date, rng: Random) -> datetime:
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
