"""Who of an account's responders weighs more than their standing, told from counts. Pure.

What flows to a responder from members is worked out in the night and not kept. But the tally
kept with a score says how many people of each age and step had which weight, and the reactions
say what their standing weighs: who is left over was lifted. Where several people of one age and
step have the same standing and not the same weight, nothing says who is who; then the smaller
weights are taken, so that nothing is made more of than it was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scoring.tallies import Cell


class Lifted:
    """Of one account and day: `standings` as the reactions have it, `tally` as it counted."""

    def __init__(self, standings: Iterable[Cell], tally: Iterable[Cell]) -> None:
        by_standing, by_weight = _spread(standings), _spread(tally)
        self._weights: dict[tuple[int, int, int], list[int]] = {}
        for (age, step), theirs in by_standing.items():
            # Sorted, each is at least its standing, as lifting only ever adds.
            counted = by_weight.get((age, step), [])
            weights = counted if len(counted) == len(theirs) else theirs
            for standing, weight in zip(theirs, weights, strict=True):
                self._weights.setdefault((age, step, standing), []).append(weight)

    def both_ways(self, counted: Cell, other: Cell | None) -> Iterator[tuple[Cell, Cell | None]]:
        """Each person of `counted` as they weighed, and as they would have without the post."""
        weights = self._weights.get((counted.age, counted.step, counted.weight), [])
        for place in range(counted.people):
            weight = weights[place] if place < len(weights) else counted.weight
            one = replace(counted, weight=weight, people=1)
            if other is None:
                yield one, None
                continue
            is_lifted = weight > counted.weight
            kept = max(other.weight, weight) if is_lifted else other.weight
            yield one, replace(other, weight=kept, people=1)


def _spread(cells: Iterable[Cell]) -> dict[tuple[int, int], list[int]]:
    """The weights of all people of one age and step, the smallest first."""
    spread: dict[tuple[int, int], list[int]] = {}
    for cell in cells:
        spread.setdefault((cell.age, cell.step), []).extend([cell.weight] * cell.people)
    return {key: sorted(weights) for key, weights in spread.items()}
