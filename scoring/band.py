"""How far the score might lie from what it would be with other luck. Pure.

A few people more or fewer might have responded. For one account the response is taken as
`w * Gamma(n + 1/2, 1)`, with `n = (sum w)^2 / (1.6 * sum w^2)` (how many people of equal weight
`w` would scatter as much, as people come in clumps), and the rule is applied to its 2.5 % and
97.5 % quantiles. Accounts are taken as independent: their deviations of reach add up as squares
do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt

from scipy.special import gammaincinv

from scoring.rule import (
    HIGHEST,
    LEFT_OUT_AFTER_DAYS,
    LOWEST,
    ONE,
    UNKNOWN_HOSTS_AT_MOST,
    AccountFigures,
    Result,
    account_reach,
    common_pot,
    hundredths_of,
)

LOW_QUANTILE, HIGH_QUANTILE = 0.025, 0.975
# `expressions` sums the squares of single responders in 2^-24.
SQUARES_ONE = 1 << 24
# People come in clumps: the variance of their number is more than their number. Not known of
# anybody, so one figure for all, at which the range holds the truth 19 times of 20 on simulated
# people with 1 to 2 (see tests/scoring/test_band_covers.py).
CLUMPS = 1.6
# Where nobody has responded: as if by people of the smallest weight.
SMALLEST_WEIGHT = 0.25
# Under so many days of data the range is at least so wide either way.
LEARNING_DAYS = 28
LEARNING_HUNDREDTHS = 500


@dataclass(frozen=True)
class Band:
    """The likely range in hundredths; `low` and `high` in whole points, rounded outward."""

    low_hundredths: int
    high_hundredths: int

    @property
    def low(self) -> int:
        return self.low_hundredths // 100

    @property
    def high(self) -> int:
        return -(-self.high_hundredths // 100)


def likely_responses(response: int, squares: int) -> tuple[int, int]:
    """The 2.5 % and 97.5 % quantiles of one account's response, in fixed point.

    `squares` is the sum of the squared weights behind it, in 2^-24.
    """
    total, sum_of_squares = response / ONE, squares / SQUARES_ONE
    if not total or not sum_of_squares:
        people, weight = 0.0, SMALLEST_WEIGHT
    else:
        people = total * total / sum_of_squares / CLUMPS
        weight = sum_of_squares / total * CLUMPS
    low, high = gammaincinv(people + 0.5, (LOW_QUANTILE, HIGH_QUANTILE)) * weight
    return min(response, round(low * ONE)), max(response, round(high * ONE))


def band(
    accounts: Sequence[AccountFigures],
    squares: Sequence[int],
    result: Result,
    days_of_data: int,
) -> Band:
    """The likely range around `result`, which is the rule applied to the same `accounts`.

    `squares` are those of `likely_responses`, one for each account.
    """
    pot = common_pot(accounts)
    below = above = 0
    for account, share, account_squares in zip(accounts, result.shares, squares, strict=True):
        low, high = likely_responses(account.response, account_squares)
        reaches = [
            account_reach(replace(account, response=response), granted=share.granted, pot=pot)
            for response in (low, high)
        ]
        below += _deviation(account, share.reach - reaches[0]) ** 2
        above += _deviation(account, reaches[1] - share.reach) ** 2
    low_score = hundredths_of(max(0, result.reach - isqrt(below)))
    high_score = hundredths_of(result.reach + isqrt(above))
    if days_of_data < LEARNING_DAYS:
        low_score = min(low_score, result.hundredths - LEARNING_HUNDREDTHS)
        high_score = max(high_score, result.hundredths + LEARNING_HUNDREDTHS)
    return Band(max(low_score, LOWEST), min(high_score, HIGHEST))


def _deviation(account: AccountFigures, deviation: int) -> int:
    """Wider for old readings: twice as wide when the last good read is 30 days old."""
    wider = deviation * (LEFT_OUT_AFTER_DAYS + account.days_since_read) // LEFT_OUT_AFTER_DAYS
    return wider if account.is_known_host else min(wider, UNKNOWN_HOSTS_AT_MOST)
