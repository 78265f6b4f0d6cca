"""The network as it stands: what happened until now, indexed for quick answers.

One process holds one world. The generated days are added as the clock reaches them, and what
is done by hand is added when it is done. Everything is sorted by id, which is by time, and
every question carries a horizon: the first id that lies in the future.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import RLock
from typing import TypeVar

from playground.life import (
    DAYS_BEFORE,
    Event,
    Favourite,
    Follow,
    Life,
    Status,
    Unfollow,
)
from playground.people import Person
from playground.settling import populate


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification; its id is that of the act it tells of."""

    id: int
    type: str
    actor: int
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody follows somebody; `person` is the one at the other end."""

    id: int
    person: int


Item = TypeVar("Item", bound=Event | Notice)


def _id(item: Event | Notice | Tie) -> int:
    return item.id


def _put(items: list[Item], item: Item) -> None:
    insort(items, item, key=_id)


def _drop(items: list[Item], is_gone: Callable[[Item], bool]) -> None:
    items[:] = [item for item in items if not is_gone(item)]


def count_before(items: Sequence[Event], horizon: int) -> int:
    """How many of them had happened."""
    return bisect_left(items, horizon, key=_id)


def _newest(items: Sequence[Status], horizon: int, limit: int) -> Sequence[Status]:
    end = count_before(items, horizon)
    return items[max(0, end - limit) : end]


class World:
    """Everything that has happened; safe to use from several threads."""

    def __init__(self, seed: str, start: date) -> None:
        self.population = populate(seed, start)
        self.life = Life(self.population, seed, start)
        self.start = start
        self._lock = RLock()
        self._next_day = -DAYS_BEFORE
        self._statuses: dict[int, Status] = {}
        self._by_author: dict[int, list[Status]] = defaultdict(list)
        self._replies: dict[int, list[Status]] = defaultdict(list)
        self._boosts: dict[int, list[Status]] = defaultdict(list)
        self._quotes: dict[int, list[Status]] = defaultdict(list)
        self._favourites: dict[int, list[Favourite]] = defaultdict(list)
        self._notices: dict[int, list[Notice]] = defaultdict(list)
        self._following: dict[int, dict[int, list[Follow | Unfollow]]] = defaultdict(dict)
        self._followers: dict[int, dict[int, list[Follow | Unfollow]]] = defaultdict(dict)
        for follow in self.life.initial_follows():
            self._tie(follow)

    # --- What happens ---------------------------------------------------------------------

    def advance(self, now: datetime) -> None:
        """Let the days up to and including today begin; cheap when they have."""
        today = (now.astimezone(UTC).date() - self.start).days
        if today < self._next_day:
            return
        with self._lock:
            while self._next_day <= today:
                self.add(self.life.events_on(self._next_day))
                self._next_day += 1

    def add(self, events: Iterable[Event]) -> None:
        """Index what happened; adding the same act twice is the same as once."""
        with self._lock:
            for event in events:
                if isinstance(event, Status):
                    self._add_status(event)
                elif isinstance(event, Favourite):
                    self._add_favourite(event)
                else:
                    self._tie(event)

    def take_back_favourite(self, actor: int, status: Status, at: int) -> None:
        """Take away the favourite that was there before the id `at`."""
        with self._lock:
            for favourite in self.favourites_of(status):
                if favourite.actor == actor and favourite.id < at:
                    self._remove_favourite(favourite)
                    return

    def take_back_boost(self, actor: int, status: Status, at: int) -> None:
        """Take away the boost that was there before the id `at`."""
        with self._lock:
            for boost in self.boosts_of(status):
                if boost.author == actor and boost.id < at:
                    self._remove_status(boost)
                    return

    def delete(self, status: Status) -> None:
        """Take a status away with everything that hangs on it."""
        with self._lock:
            for boost in list(self._boosts[status.id]):
                self._remove_status(boost)
            self._remove_status(status)
            _drop(self._notices[status.author], lambda notice: notice.status is status)

    def _add_status(self, status: Status) -> None:
        boosted = status.boost_of
        if status.id in self._statuses or (boosted and not self._is_first_boost(status, boosted)):
            return
        self._statuses[status.id] = status
        _put(self._by_author[status.author], status)
        if boosted:
            _put(self._boosts[boosted.id], status)
            self._tell(boosted.author, Notice(status.id, "reblog", status.author, boosted))
            return
        if status.reply_to:
            _put(self._replies[status.reply_to.id], status)
        if status.quote_of:
            _put(self._quotes[status.quote_of.id], status)
            self._tell(status.quote_of.author, Notice(status.id, "quote", status.author, status))
        for number in status.mentions:
            self._tell(number, Notice(status.id, "mention", status.author, status))

    def _is_first_boost(self, status: Status, boosted: Status) -> bool:
        """Nobody boosts twice; what is done by hand comes before what was still to happen."""
        own = [item for item in self._boosts[boosted.id] if item.author == status.author]
        for later in own:
            if later.id > status.id:
                self._remove_status(later)
        return all(item.id > status.id for item in own)

    def _remove_status(self, status: Status) -> None:
        """Forget a status, and that anybody was told of it."""
        self._statuses.pop(status.id, None)
        lists = [self._by_author[status.author]]
        for index, parent in (
            (self._boosts, status.boost_of),
            (self._replies, status.reply_to),
            (self._quotes, status.quote_of),
        ):
            if parent:
                lists.append(index[parent.id])
        for items in lists:
            _drop(items, lambda item: item is status)
        parents = (status.boost_of, status.quote_of)
        told = {*status.mentions, *(parent.author for parent in parents if parent)}
        for number in told:
            _drop(self._notices[number], lambda notice: notice.id == status.id)

    def _remove_favourite(self, favourite: Favourite) -> None:
        status = favourite.status
        _drop(self._favourites[status.id], lambda item: item is favourite)
        _drop(self._notices[status.author], lambda notice: notice.id == favourite.id)

    def _add_favourite(self, favourite: Favourite) -> None:
        """Nobody favourites twice; by hand comes before what was still to happen."""
        status = favourite.status
        own = [item for item in self._favourites[status.id] if item.actor == favourite.actor]
        if any(item.id < favourite.id for item in own):
            return
        for later in own:
            self._remove_favourite(later)
        _put(self._favourites[status.id], favourite)
        self._tell(status.author, Notice(favourite.id, "favourite", favourite.actor, status))

    def _tie(self, event: Follow | Unfollow) -> None:
        """Keep the turns of a tie in order; following twice in a row is following once."""
        turns = self._following[event.actor].setdefault(event.target, [])
        if bool(_follow_in_force(turns, event.id)) == isinstance(event, Follow):
            return
        insort(turns, event, key=_id)
        self._followers[event.target][event.actor] = turns
        if isinstance(event, Follow) and event.id >> 16:
            self._tell(event.target, Notice(event.id, "follow", event.actor))

    def _tell(self, number: int, notice: Notice) -> None:
        is_local = number < len(self.population.people) and not self.population.person(number).host
        if is_local and number != notice.actor:
            _put(self._notices[number], notice)

    # --- What can be asked ------------------------------------------------------------------

    def status(self, status_id: int, horizon: int) -> Status | None:
        return self._statuses.get(status_id) if status_id < horizon else None

    def statuses_of(self, number: int) -> Sequence[Status]:
        return self._by_author.get(number, ())

    def notices_of(self, number: int) -> Sequence[Notice]:
        return self._notices.get(number, ())

    def replies_to(self, status: Status) -> Sequence[Status]:
        return self._replies.get(status.id, ())

    def quotes_of(self, status: Status) -> Sequence[Status]:
        return self._quotes.get(status.id, ())

    def boosts_of(self, status: Status) -> Sequence[Status]:
        return self._boosts.get(status.id, ())

    def favourites_of(self, status: Status) -> Sequence[Favourite]:
        return self._favourites.get(status.id, ())

    def has_favourited(self, number: int, status: Status, horizon: int) -> bool:
        return any(f.actor == number and f.id < horizon for f in self.favourites_of(status))

    def has_boosted(self, number: int, status: Status, horizon: int) -> bool:
        return any(b.author == number and b.id < horizon for b in self.boosts_of(status))

    def is_following(self, actor: int, target: int, horizon: int) -> bool:
        return _follow_in_force(self._following.get(actor, {}).get(target, ()), horizon) is not None

    def followers_of(self, person: Person, horizon: int) -> "Ties":
        return Ties(
            lambda index: self.population.stranger_who_follows(person, index),
            person.followers_before,
            self._ties_in_force(self._followers.get(person.number, {}), horizon),
        )

    def followed_by(self, person: Person, horizon: int) -> "Ties":
        return Ties(
            lambda index: self.population.stranger_followed_by(person, index),
            person.following_before,
            self._ties_in_force(self._following.get(person.number, {}), horizon),
        )

    def count_followers(self, person: Person, horizon: int) -> int:
        turns = self._followers.get(person.number, {})
        return person.followers_before + self._count_in_force(turns, horizon)

    def count_followed(self, person: Person, horizon: int) -> int:
        turns = self._following.get(person.number, {})
        return person.following_before + self._count_in_force(turns, horizon)

    def local_public(self, horizon: int, limit: int) -> list[Status]:
        """The newest original statuses of people who live here."""
        recent = [
            status
            for person in self.population.people
            if not person.host
            for status in _newest(self.statuses_of(person.number), horizon, limit)
            if not status.boost_of and not status.reply_to and status.is_public
        ]
        return sorted(recent, key=_id, reverse=True)[:limit]

    def _count_in_force(
        self, turns_by_person: dict[int, list[Follow | Unfollow]], horizon: int
    ) -> int:
        with self._lock:
            turns = list(turns_by_person.values())
        return sum(_follow_in_force(each, horizon) is not None for each in turns)

    def _ties_in_force(
        self, turns_by_person: dict[int, list[Follow | Unfollow]], horizon: int
    ) -> list[Tie]:
        with self._lock:
            ties = [
                Tie(follow.id, number)
                for number, turns in turns_by_person.items()
                if (follow := _follow_in_force(turns, horizon))
            ]
        return sorted(ties, key=_id)


class Ties(Sequence[Tie]):
    """Followers or followed, oldest first: the crowd from before, then the people of the world.

    Ids of the crowd's ties lie below those of the others; they are made when somebody looks.
    """

    def __init__(self, crowd: Callable[[int], int], crowd_size: int, ties: list[Tie]) -> None:
        self._crowd = crowd
        self._size = crowd_size
        self._ties = ties

    def __len__(self) -> int:
        return self._size + len(self._ties)

    def __getitem__(self, index: int) -> Tie:  # type: ignore[override]
        if index < self._size:
            return Tie(index + 1, self._crowd(index))
        tie = self._ties[index - self._size]
        return Tie(tie.id + self._size, tie.person)


def _follow_in_force(turns: Sequence[Follow | Unfollow], horizon: int) -> Follow | None:
    """The follow that holds at the horizon, if the last turn before it was one."""
    last = next((turn for turn in reversed(turns) if turn.id < horizon), None)
    return last if isinstance(last, Follow) else None
