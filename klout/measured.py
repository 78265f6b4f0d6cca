"""Figures on How it works that were measured, not worked out: each with what it was measured on.

Tests hold them against the data where those are at hand (KLOUT_EVAL_DATA).
"""

from dataclasses import dataclass

PARTS = ("1 in 10 below", "a quarter below", "half below", "a quarter above", "1 in 10 above")
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90)
# Scores of 1,048 unknown people as Klout gave them, rounded.
KLOUT_SCORES = (14, 23, 41, 50, 58)
# This rule, with lists, on the 728 people of the PeerIndex data that it may be built on.
KNOWN_ON_X = (33, 39, 45, 57, 68)


@dataclass(frozen=True)
class Line:
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Lands:
    """Where real people landed: the scores at five places, lowest first."""

    parts: tuple[str, ...] = PARTS
    lines: tuple[Line, ...] = (
        Line("Klout, as it was", KLOUT_SCORES),
        Line("This rule, people on X", KNOWN_ON_X),
    )

    @property
    def median(self) -> int:
        return KLOUT_SCORES[2]

    @property
    def tenth(self) -> int:
        return KLOUT_SCORES[4]
