"""The likely range on simulated people: how often it holds what it claims to hold.

Each has a rate, a mixture of weights, ages and repetitions, and a clumpiness of their own. None of
these is known to the formula, which sees one window of responses. True is the score at the rate.
"""

from functools import cache

import numpy as np
import pytest

from scoring.band import band
from scoring.rule import DECAY, LISTENERS_PER_RESPONSE, SATURATION, AccountFigures, score

PEOPLE = 2_000
AUDIENCE = 50_000_000


def responders(chance, many, mixture, talk):
    """Worth of so many responders, fixed: their weight, age and repetition drawn."""
    quarters = chance.choice(5, many, p=mixture)
    ages = chance.integers(0, 90, many)
    steps = np.minimum(chance.geometric(talk, many), 10)
    return quarters * np.array(DECAY)[ages] * np.array(SATURATION)[steps] >> 22


@cache
def hits(least, most):
    """Whether the range held the truth, for people with rates in between."""
    chance = np.random.default_rng(20261102)
    held = []
    for _ in range(PEOPLE):
        rate = float(np.exp(chance.uniform(np.log(least), np.log(most))))
        mixture, talk = chance.dirichlet([1.0, 2.0, 2.0, 1.0, 0.5]), chance.uniform(0.3, 0.95)
        # Variance over mean between 1 (people come one by one) and 2 (they come in clumps).
        clumps = chance.uniform(1.05, 2.0)
        many = chance.negative_binomial(rate / (clumps - 1), 1 / clumps)
        expected = responders(chance, 2_000, mixture, talk).mean() * rate
        worths = responders(chance, many, mixture, talk)
        seen = account(int(worths.sum()))
        squares = int(((worths >> 8) ** 2).sum())
        likely = band([seen], [squares], score([seen]), 90)
        truth = score([account(int(expected))]).hundredths
        held.append(likely.low_hundredths <= truth <= likely.high_hundredths)
    return float(np.mean(held))


def account(response):
    return AccountFigures(1, "mastodon", AUDIENCE, None, response, 0)


@pytest.mark.parametrize(("least", "most"), [(4, 500), (8, 60), (60, 500)])
def test_the_likely_range_holds_the_truth_19_times_of_20(least, most):
    assert LISTENERS_PER_RESPONSE * 500 * 2 < AUDIENCE  # the response limits
    assert 0.93 <= hits(least, most) <= 0.97
