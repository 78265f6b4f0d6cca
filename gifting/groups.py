"""Counting people so that those who belong together count once. Pure."""

from collections.abc import Collection, Iterable


def groups(people: Collection[int], ties: Iterable[tuple[int, int]]) -> int:
    """How many groups the ties leave; somebody without a tie is a group alone."""
    leader = {person: person for person in people}

    def find(person: int) -> int:
        while leader[person] != person:
            leader[person] = leader[leader[person]]
            person = leader[person]
        return person

    for one, other in ties:
        leader[find(one)] = find(other)
    return sum(find(person) == person for person in people)
