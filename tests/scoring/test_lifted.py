"""Who was lifted by trust is told from counts, and never made more of than it was."""

from random import Random

from scoring.lifted import Lifted
from scoring.tallies import Cell


def told(standings, tally, counted, other=None):
    return list(Lifted(standings, tally).both_ways(counted, other))


def test_without_trust_everybody_weighs_what_their_standing_does():
    cells = [Cell(3, 1, 2, 5), Cell(3, 1, 0, 4)]
    assert told(cells, cells, Cell(3, 1, 2, 2)) == [(Cell(3, 1, 2, 1), None)] * 2


def test_one_who_was_lifted_keeps_the_weight_for_their_other_reactions():
    other = Cell(40, 1, 1, 1)
    found = told([Cell(3, 2, 2, 1)], [Cell(3, 2, 4, 1)], Cell(3, 2, 2, 1), other)
    assert found == [(Cell(3, 2, 4, 1), Cell(40, 1, 4, 1))]


def test_where_nothing_says_who_was_lifted_the_smaller_weights_are_taken():
    standings, tally = [Cell(3, 1, 2, 3)], [Cell(3, 1, 2, 2), Cell(3, 1, 4, 1)]
    assert [one.weight for one, _ in told(standings, tally, Cell(3, 1, 2, 2))] == [2, 2]
    assert [one.weight for one, _ in told(standings, tally, Cell(3, 1, 2, 3))] == [2, 2, 4]


def test_scores_older_than_the_counts_have_nobody_lifted():
    assert told([Cell(3, 1, 1, 1)], [], Cell(3, 1, 1, 1)) == [(Cell(3, 1, 1, 1), None)]


def test_all_responders_together_weigh_what_the_tally_says():
    chance = Random(3)
    for _ in range(200):
        standings = {}
        weights = {}
        for _ in range(chance.randrange(1, 30)):
            place = (chance.randrange(4), chance.randrange(1, 4))
            standing = chance.randrange(3)
            lifted = max(standing, chance.choice((0, 0, 3, 4)))
            for spread, weight in ((standings, standing), (weights, lifted)):
                spread[*place, weight] = spread.get((*place, weight), 0) + 1
        cells = [Cell(*key, people) for key, people in standings.items()]
        tally = [Cell(*key, people) for key, people in weights.items()]
        found = [one for cell in cells for one, _ in told(cells, tally, cell)]
        together = {}
        for one in found:
            key = (one.age, one.step, one.weight)
            together[key] = together.get(key, 0) + 1
        assert together == weights
