"""How scores are spread, in bands wide enough that nobody stands out. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

BAND_POINTS = 10
# Fewer people than these are never shown by themselves.
PEOPLE_AT_LEAST = 20


@dataclass(frozen=True)
class ScoreBand:
    """From `low` up to, but not with, `high`; 100 belongs to the highest band."""

    low: int
    high: int
    people: int
    per_cent: int
    bar: float


def bands(people: Mapping[int, int]) -> tuple[ScoreBand, ...]:
    """`people` by tens of points (0: under 10, ... 9: from 90 on), joined until each holds 20.

    Fewer than 20 in all make none.
    """
    joined = list(_joined(people))
    whole = sum(count for _, _, count in joined)
    most = max((count for _, _, count in joined), default=0)
    return tuple(
        ScoreBand(
            max(1, low), high, count, round(100 * count / whole), round(100 * count / most, 1)
        )
        for low, high, count in joined
    )


def _joined(people: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    """(low, high, people) from below; what is too few at the end goes to the one before."""
    found: list[tuple[int, int, int]] = []
    low = count = 0
    for ten in range(100 // BAND_POINTS):
        count += people.get(ten, 0)
        if count >= PEOPLE_AT_LEAST:
            found.append((low, (ten + 1) * BAND_POINTS, count))
            low, count = (ten + 1) * BAND_POINTS, 0
    if found and count:
        first, _, before = found.pop()
        found.append((first, 100, before + count))
    yield from found
