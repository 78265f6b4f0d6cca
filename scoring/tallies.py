"""How many responders of which weight, age and step: all that a recompute needs of people.

Pure. A *cell* is people of one account and day who have three things in common: their weight in
quarters (0..4), the age of their latest reaction in whole days (0..89), and how many reactions
they made, up to ten (the step, 1..10). Each is written as one whole number

    people * 10,000  +  age * 100  +  (step - 1) * 10  +  weight

so that 30712 reads: 3 people, 7 days, 2 reactions, half a weight. A *tally* is the list of these
numbers in ascending order; cells nobody is in are left out. More than 200,000 people in one cell
are written as several numbers, so that each fits 32 bits. Nothing in it tells who anybody is.

The sums of a tally are exactly those of `expressions.account_sums`, which makes both.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scoring.rule import DECAY, EVERYONE_SHIFT, FIXED_BITS, SATURATION, SATURATION_ACTS, WINDOW_DAYS

PEOPLE_PLACE, AGE_PLACE, STEP_PLACE = 10_000, 100, 10
PEOPLE_AT_MOST = 200_000
WEIGHTS = 5
# Squares of single responders are summed in 2^-24: room for a hundred billion of them in 64 bits.
SQUARE_SHIFT = 8


@dataclass(frozen=True, order=True)
class Cell:
    """`people` who responded `age` days ago, `step` times up to ten, with `weight` quarters."""

    age: int
    step: int
    weight: int
    people: int

    @property
    def code(self) -> int:
        """Weight, age and step as one number; people are counted in front of it."""
        return self.age * AGE_PLACE + (self.step - 1) * STEP_PLACE + self.weight

    @property
    def value(self) -> int:
        """What one of them would be worth with a whole weight, in 2^-40."""
        return DECAY[self.age] * SATURATION[self.step]

    @property
    def worth(self) -> int:
        """What one of them is worth, in fixed point."""
        return (self.weight * self.value) >> (FIXED_BITS + 2)

    @property
    def squared(self) -> int:
        """The square of what one of them is worth, in 2^-24."""
        return (self.worth >> SQUARE_SHIFT) ** 2

    @property
    def little(self) -> int:
        """What one of them counts in what everybody is granted, in fixed point."""
        return self.value >> (FIXED_BITS + EVERYONE_SHIFT)


@dataclass(frozen=True)
class Sums:
    """What the rule takes of a tally: `response`, `everyone` fixed, `squares` in 2^-24."""

    response: int
    squares: int
    everyone: int
    people: int
    by_weight: tuple[int, ...]


def encode(cells: Iterable[Cell]) -> list[int]:
    """The tally of cells given in any order; the same cell twice is people added up."""
    together: dict[int, int] = {}
    for cell in cells:
        together[cell.code] = together.get(cell.code, 0) + cell.people
    return sorted(
        min(people - first, PEOPLE_AT_MOST) * PEOPLE_PLACE + code
        for code, people in together.items()
        for first in range(0, people, PEOPLE_AT_MOST)
    )


def fitting(numbers: Iterable[int]) -> list[int]:
    """A tally whose numbers each fit 32 bits, from one whose cells are each in one number."""
    return encode(decode(numbers))


def decode(tally: Iterable[int]) -> Iterator[Cell]:
    """The cells of a tally, as written. ValueError for a number that is none of these."""
    for number in tally:
        people, code = divmod(number, PEOPLE_PLACE)
        age, rest = divmod(code, AGE_PLACE)
        step, weight = divmod(rest, STEP_PLACE)
        if people < 1 or age >= WINDOW_DAYS or step >= SATURATION_ACTS or weight >= WEIGHTS:
            raise ValueError(f"{number} is no count of responders")
        yield Cell(age, step + 1, weight, people)


def sums(tally: Sequence[int]) -> Sums:
    """What the cells of a tally add up to, exactly as the engine does."""
    response = squares = everyone = 0
    by_weight = [0] * WEIGHTS
    for cell in decode(tally):
        response += cell.people * cell.worth
        squares += cell.people * cell.squared
        everyone += cell.people * cell.little
        by_weight[cell.weight] += cell.people
    return Sums(response, squares, everyone, sum(by_weight), tuple(by_weight))
