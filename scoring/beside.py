"""What can be said of two scores side by side: hardly ever who has more. Pure."""

from dataclasses import dataclass
from enum import StrEnum

# Human judges agree with a smaller gap as often as with a coin.
MEANS_NOTHING_UNDER = 5


class Said(StrEnum):
    SMALL_GAP = "small_gap"
    OVERLAP = "overlap"
    APART = "apart"


@dataclass(frozen=True)
class Range:
    """Whole points: the score inside its likely range."""

    whole: int
    low: int
    high: int


@dataclass(frozen=True)
class Beside:
    """`common` is where both likely ranges lie, None if they do not meet."""

    said: Said
    gap: int
    common: tuple[int, int] | None


def beside(one: Range, other: Range) -> Beside:
    """The same whichever comes first."""
    gap = abs(one.whole - other.whole)
    low, high = max(one.low, other.low), min(one.high, other.high)
    common = (low, high) if low <= high else None
    meets = Said.OVERLAP if common else Said.APART
    return Beside(Said.SMALL_GAP if gap < MEANS_NOTHING_UNDER else meets, gap, common)
