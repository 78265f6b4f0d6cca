"""Counts of responders: written, read again, and added up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import tallies
from scoring.tallies import PEOPLE_AT_MOST, Cell
from tests.scoring.oracle import worth

cells = st.lists(
    st.builds(
        Cell,
        age=st.integers(0, 89),
        step=st.integers(1, 10),
        weight=st.integers(0, 4),
        people=st.integers(1, 3 * PEOPLE_AT_MOST),
    ),
    max_size=40,
)


def people_of(some):
    found = {}
    for cell in some:
        key = (cell.age, cell.step, cell.weight)
        found[key] = found.get(key, 0) + cell.people
    return found


@given(cells)
def test_what_is_written_is_read_again(some):
    tally = tallies.encode(some)
    assert people_of(tallies.decode(tally)) == people_of(some)
    assert all(0 < number < 2**31 for number in tally)


@given(cells, st.randoms(use_true_random=False))
def test_order_changes_no_number_of_a_tally(some, chance):
    shuffled = chance.sample(some, len(some))
    assert tallies.encode(shuffled) == tallies.encode(some)


@given(cells)
def test_the_sums_are_those_of_each_single_person(some):
    found = tallies.sums(tallies.encode(some))
    each = [(worth(500 * c.weight, 0, c.age, c.step), c.people) for c in some]
    assert found.response == sum(n * one[1] for one, n in each)
    assert found.everyone == sum(n * one[2] for one, n in each)
    assert found.squares == sum(n * (one[1] >> 8) ** 2 for one, n in each)
    assert found.people == sum(c.people for c in some) == sum(found.by_weight)


def test_too_many_people_for_one_number_are_written_as_several():
    rest = PEOPLE_AT_MOST // 2
    several = [rest * 10_000 + 712, PEOPLE_AT_MOST * 10_000 + 712]
    assert tallies.fitting([(PEOPLE_AT_MOST + rest) * 10_000 + 712]) == several


def test_a_number_reads_as_the_page_says():
    assert list(tallies.decode([30712])) == [Cell(age=7, step=2, weight=2, people=3)]


@pytest.mark.parametrize("number", [0, 702, -1, 10005, 19000])
def test_what_is_no_count_is_refused(number):
    with pytest.raises(ValueError, match="is no count of responders"):
        tallies.sums([number])
