"""The versions of the rule: which is in force, which is still computed beside it. Pure.

A version is added here and never changed again once a score was published by it. While two are
listed for a day, both are computed for it, side by side; what one of them wrote is never written
anew by another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from scoring import columns, rule
from scoring.columns import Figures, Scored, Whole
from scoring.rule import AccountFigures, Result


@dataclass(frozen=True)
class Version:
    """One printed rule. It is what pages show from the day `in_force_from`.

    `computed_until`: the last day for which it is computed beside a later one; None: no end yet.
    `score_columns`: the same for many members at once, with their likely ranges; None: there is
    no such function, and all are scored one by one.
    """

    name: str
    in_force_from: date
    score: Callable[[Sequence[AccountFigures]], Result]
    computed_until: date | None = None
    score_columns: Callable[[Figures, Whole], Scored] | None = None

    def is_computed_on(self, on: date) -> bool:
        return self.computed_until is None or on <= self.computed_until


# The oldest first.
VERSIONS = (Version(rule.RULE_VERSION, date(2026, 1, 1), rule.score, score_columns=columns.score),)


def in_force(on: date, versions: Sequence[Version] | None = None) -> Version:
    """The version that pages show for a day; before the first one, the first."""
    known = VERSIONS if versions is None else versions
    begun = [version for version in known if version.in_force_from <= on]
    return begun[-1] if begun else known[0]


def computed_on(on: date, versions: Sequence[Version] | None = None) -> list[Version]:
    """The versions whose scores are computed for a day, the oldest first.

    A new version is computed for days before it is in force as well, so that both can be seen
    side by side for the whole history.
    """
    known = VERSIONS if versions is None else versions
    return [version for version in known if version.is_computed_on(on)]
