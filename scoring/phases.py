"""The phases of a recompute: how long each took, of how many rows, in how much memory."""

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

# In this order; a rescore has them as well, but for the first.
PHASES = ("read", "people", "links", "trust", "sums", "score", "write")
Notes = dict[str, float]
Look = Callable[[dict[str, Notes]], None]


def nobody_looks(noted: dict[str, Notes]) -> None:
    """Nobody looks on."""


@dataclass
class Phases:
    """`noted` has each phase that has begun; `seconds` is there once it has ended.

    `look` is called whenever something is new, with all that is noted.
    """

    look: Look = nobody_looks
    noted: dict[str, Notes] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str, of: int = 1) -> Iterator["Phase"]:
        """Measure a phase of `of` steps."""
        notes = self.noted[name] = {"done": 0, "of": of}
        self.look(self.noted)
        started = perf_counter()
        yield Phase(notes, lambda: self.look(self.noted))
        seconds = perf_counter() - started
        notes |= {"done": of, "seconds": round(seconds, 3), "peak_mb": peak_mb()}
        if notes.get("rows"):
            notes["rows_per_second"] = round(notes["rows"] / max(seconds, 0.001))
        self.look(self.noted)

    @property
    def seconds(self) -> float:
        return sum(notes.get("seconds", 0) for notes in self.noted.values())


@dataclass
class Phase:
    """A phase under way."""

    notes: Notes
    look: Callable[[], None]

    def add_rows(self, rows: int) -> None:
        self.notes["rows"] = self.notes.get("rows", 0) + rows

    def step(self, *, kept: bool = False) -> None:
        """One more step is done; `kept`: it was done before the night was stopped."""
        self.notes["done"] += 1
        if kept:
            self.notes["kept"] = self.notes.get("kept", 0) + 1
        self.look()


def peak_mb() -> int:
    """The most memory that this process ever had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))
