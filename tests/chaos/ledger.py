"""What the product has acknowledged to somebody outside, kept where no fault reaches it."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from tests.chaos.platforms import Resident


@dataclass(frozen=True)
class Gift:
    giver_id: int
    receiver_id: int
    key: UUID


@dataclass
class Ledger:
    """All of it may be written from many threads."""

    gifts: list[Gift] = field(default_factory=list)
    # Gifts that were sent and never answered: each may be there once, or not at all.
    unanswered: list[Gift] = field(default_factory=list)
    links: list[tuple[int, Resident]] = field(default_factory=list)
    # Scores of days that are over, as the database first showed them.
    scores: dict[tuple[int, date, str], tuple[Any, ...]] = field(default_factory=dict)
    changed_scores: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1

    def saw_score(self, key: tuple[int, date, str], said: tuple[Any, ...]) -> None:
        """A score of a day that is over is never another one later."""
        first = self.scores.setdefault(key, said)
        if first != said:
            self.changed_scores.append(f"{key}: {first} became {said}")
