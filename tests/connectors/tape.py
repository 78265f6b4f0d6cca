"""A tape of what a platform answered, and what stands in front of a door to make and to play it.

All parts of a connector hold the same door, so whatever stands in front of it is asked by all.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from networks.address_guard import parse_url
from networks.connectors.base import RateLimited, Transient
from networks.http import Answer, Door
from networks.quota import Quota
from tests.connectors.bending import Choices, bent_answer

# One request in so many fails before there is an answer, by one of these.
FAILS_ONE_IN = 200
FAILURES = (
    *("unreachable", "too_slow", "too_large", "refused_address", "redirected_away"),
    *("server_error", "rate_limited"),
)


@dataclass
class Tape:
    """What one platform answered when it was walked through once, by method, host and path."""

    answers: dict[tuple[str, str, str], list[Answer]] = field(default_factory=dict)

    def keep(self, method: str, url: str, answer: Answer) -> Answer:
        self.answers.setdefault(_place(method, url), []).append(answer)
        return answer

    def of(self, method: str, url: str) -> list[Answer]:
        return self.answers.get(_place(method, url), [])


def _place(method: str, url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return method, parts.netloc, parts.path


class Recorder:
    """Keeps what comes through a door."""

    def __init__(self, door: Door, tape: Tape) -> None:
        self._get, self._post, self._delete = door.get, door.post, door.delete
        self._tape = tape

    def get(self, url: str, **options: Any) -> Answer:
        return self._tape.keep("GET", url, self._get(url, **options))

    def post(self, url: str, **options: Any) -> Answer:
        return self._tape.keep("POST", url, self._post(url, **options))

    def delete(self, url: str, **options: Any) -> Answer:
        return self._tape.keep("DELETE", url, self._delete(url, **options))


class Player:
    """Answers from the tape, bent; what is not on it is not there. At times there is no answer."""

    def __init__(self, tape: Tape, choices: Choices, now: datetime, hosts: frozenset[str]) -> None:
        self._tape, self._choices, self._now, self._hosts = tape, choices, now, hosts
        self.payloads = 0

    def get(self, url: str, **_: Any) -> Answer:
        return self._play("GET", url)

    def post(self, url: str, **_: Any) -> Answer:
        return self._play("POST", url)

    def delete(self, url: str, **_: Any) -> Answer:
        return self._play("DELETE", url)

    def spend(self, quota: Quota, units: int, share: float = 1.0) -> None:
        if not self._choices.below(FAILS_ONE_IN):
            raise self.is_used_up(quota)

    def is_used_up(self, quota: Quota) -> RateLimited:
        return RateLimited(self._now, f"{quota.name}: used up", code="quota_used_up")

    def _play(self, method: str, url: str) -> Answer:
        if not self._choices.below(FAILS_ONE_IN):
            raise self._failure()
        parse_url(url, self._hosts)
        found = self._tape.of(method, url)
        if not found:
            return Answer(404, {"content-type": "application/json"}, b"{}", url)
        self.payloads += 1
        return bent_answer(found[self._choices.below(len(found))], self._choices)

    def _failure(self) -> Transient | RateLimited:
        code = FAILURES[self._choices.below(len(FAILURES))]
        if code == "rate_limited":
            return RateLimited(self._now)
        return Transient("no answer", code=code)


def put_in_front(door: Any, what: Recorder | Player) -> None:
    """From now on whoever holds the door asks `what` instead, for all that it can do."""
    for name in ("get", "post", "delete", "spend", "is_used_up"):
        if hasattr(what, name):
            setattr(door, name, getattr(what, name))
