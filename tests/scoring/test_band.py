"""The likely range: around the score, wider where less is known."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.band import SQUARES_ONE, band, likely_responses
from scoring.rule import (
    ONE,
    AccountFigures,
    account_reach,
    common_pot,
    hundredths_of,
    score,
)

ACCOUNT = AccountFigures(1, "mastodon", 100_000, None, 40 * ONE, 0)
FORTY_PEOPLE = 40 * SQUARES_ONE


def range_of(*accounts, squares=FORTY_PEOPLE, days=90):
    result = score(accounts)
    return result, band(accounts, [squares] * len(accounts), result, days)


@given(
    st.integers(0, 10**7),
    st.integers(0, 5000 * ONE),
    st.integers(0, 2000),
    st.integers(0, 30),
    st.integers(0, 90),
)
def test_the_score_lies_inside_and_the_range_inside_1_to_100(followers, response, per, old, days):
    account = replace(ACCOUNT, followers=followers, response=response, days_since_read=old)
    squares = response * per // 1000 * (SQUARES_ONE // ONE)
    result, likely = range_of(account, squares=squares, days=days)
    assert 1 <= likely.low <= result.hundredths / 100 <= likely.high <= 100


def test_under_28_days_it_is_at_least_five_points_either_way():
    result, likely = range_of(ACCOUNT, days=27)
    assert likely.low <= result.hundredths / 100 - 5
    assert likely.high >= result.hundredths / 100 + 5
    _, settled = range_of(ACCOUNT, days=28)
    assert settled.high - settled.low < likely.high - likely.low


def test_it_is_wider_for_an_old_reading():
    _, fresh = range_of(ACCOUNT)
    _, old = range_of(replace(ACCOUNT, days_since_read=30))
    assert old.high - old.low > fresh.high - fresh.low


def test_it_is_wider_where_few_carry_the_weight():
    few, many = (
        likely_responses(40 * ONE, squares) for squares in (160 * SQUARES_ONE, FORTY_PEOPLE)
    )
    assert few[0] < many[0] < 40 * ONE < many[1] < few[1]


def test_deviations_of_accounts_add_up_as_squares_do_and_old_ones_count_for_more():
    accounts = (
        replace(ACCOUNT, everyone=ONE // 8),
        replace(ACCOUNT, key=2, followers=3_000, response=9 * ONE, days_since_read=15),
    )
    squares, result = (FORTY_PEOPLE, 9 * SQUARES_ONE), score(accounts)
    assert [share.granted for share in result.shares] == [True, False]
    below = above = 0.0
    for account, share, each in zip(accounts, result.shares, squares, strict=True):
        low, high = (
            account_reach(
                replace(account, response=response),
                granted=share.granted,
                pot=common_pot(accounts),
            )
            for response in likely_responses(account.response, each)
        )
        wider = 1 + account.days_since_read / 30
        below += (wider * (share.reach - low)) ** 2
        above += (wider * (high - share.reach)) ** 2
    likely = band(accounts, squares, result, 90)
    assert (likely.low_hundredths, likely.high_hundredths) == (
        hundredths_of(int(result.reach - sqrt(below))),
        hundredths_of(int(result.reach + sqrt(above))),
    )
    assert result.reach - sqrt(below) > 0


def test_accounts_on_unknown_hosts_move_a_range_by_a_thousand_at_most():
    invented = replace(ACCOUNT, followers=10**8, response=10**5 * ONE, is_known_host=False)
    _, likely = range_of(invented, squares=10**9 * SQUARES_ONE)
    assert likely.low_hundredths == hundredths_of(0)
    assert likely.high_hundredths == hundredths_of(2_000 * ONE)


def test_each_account_needs_its_squares():
    with pytest.raises(ValueError, match="shorter"):
        band([ACCOUNT], [], score([ACCOUNT]), 90)


def test_where_nobody_responded_somebody_might_have():
    low, high = likely_responses(0, 0)
    assert low == 0
    assert 0 < high < ONE


def test_it_covers_what_chance_makes_of_the_same_people():
    """People who come one by one scatter less than the clumps that the range allows for."""
    chance = np.random.default_rng(7)
    expected = 0.25 * (0.25 + 0.5 + 0.75 + 1.0)
    covered = 0
    for _ in range(1000):
        weights = chance.choice([0.25, 0.5, 0.75, 1.0], size=chance.poisson(30))
        low, high = likely_responses(
            int(weights.sum() * ONE), int((weights**2).sum() * SQUARES_ONE)
        )
        covered += low / ONE <= 30 * expected <= high / ONE
    assert covered >= 950
