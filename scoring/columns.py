"""The rule and the likely range for many members at once, to the same whole numbers. Pure.

`rule` and `band` are what is printed and what holds; here the same arithmetic runs on columns of
numpy, a hundred times as fast. How it stays exact:

- Whole numbers are of 64 bits, and only members whose figures leave room for every product are
  computed here (`Scored.is_beyond` names the others: it takes billions of followers).
- Roots are taken in floating point, whose error is known. Where the root lies so near to a whole
  number that it might be on either side, the function of `rule` decides.
- The quantiles are those of the same function of scipy, which does the same for one as for many.

Held against `rule.score` and `band.band` on any figures by tests/scoring/test_columns.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isqrt

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from scoring import rule
from scoring.band import (
    CLUMPS,
    HIGH_QUANTILE,
    LEARNING_DAYS,
    LEARNING_HUNDREDTHS,
    LOW_QUANTILE,
    SMALLEST_WEIGHT,
    SQUARES_ONE,
)
from scoring.rule import (
    CURATION_FACTOR,
    EVERYONE_AT_MOST,
    FIXED_BITS,
    GRANT,
    HIGHEST,
    LEFT_OUT_AFTER_DAYS,
    LISTENERS_PER_RESPONSE,
    LOWEST,
    MOST_PEOPLE,
    ONE,
    SCORE_STEPS,
    UNFOLLOWED_AT_MOST,
    UNKNOWN_HOSTS_AT_MOST,
)

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Flag = npt.NDArray[np.bool_]

# Room for 250 times a response in 64 bits, and for 990 tenths times a reach.
RESPONSE_BELOW = 1 << 50
REACH_BELOW = 1 << 53
ACCOUNTS_AT_MOST = 16
# Each root below is a handful of roundings of 2^-53 away from the truth, at most eight; of the
# sum of up to sixteen squares, eleven.
ROOT_ERROR = 2.0**-49
STEPS = np.array(SCORE_STEPS, dtype=np.int64)


@dataclass(frozen=True)
class Figures:
    """`rule.AccountFigures` of many members: one row for each account, by member, then by `key`.

    `starts` has the first row of each member; every member has one at least. `followers` is 0
    where there is none. `squares` are those of `band.likely_responses`.
    """

    starts: Whole
    followers: Whole
    curation: Whole
    response: Whole
    everyone: Whole
    squares: Whole
    is_known_host: Flag
    days_since_read: Whole
    has_audience: Flag
    has_curation: Flag
    curation_never_lowers: Flag

    @property
    def is_counted(self) -> Flag:
        return self.days_since_read <= LEFT_OUT_AFTER_DAYS


@dataclass(frozen=True)
class Scored:
    """`rule.Result` and `band.Band` of each member, and `rule.Share` of each account.

    Members who are beyond what 64 bits hold have no meaningful figures here.
    """

    hundredths: Whole
    low_hundredths: Whole
    high_hundredths: Whole
    reach: Whole
    is_beyond: Flag
    account_reach: Whole
    tenths: Whole
    granted: Flag

    @classmethod
    def nothing(cls, members: int, accounts: int) -> "Scored":
        """Room for figures of members who are all beyond."""
        return cls(
            hundredths=np.zeros(members, dtype=np.int64),
            low_hundredths=np.zeros(members, dtype=np.int64),
            high_hundredths=np.zeros(members, dtype=np.int64),
            reach=np.zeros(members, dtype=np.int64),
            is_beyond=np.ones(members, dtype=bool),
            account_reach=np.zeros(accounts, dtype=np.int64),
            tenths=np.zeros(accounts, dtype=np.int64),
            granted=np.zeros(accounts, dtype=bool),
        )


class _Members:
    """Sums and largest ones over the rows of each member, and back to the rows."""

    def __init__(self, starts: Whole, rows: int) -> None:
        self.starts, self.rows = starts, rows
        self.sizes: Whole = np.diff(starts, append=rows)
        self.of_row: Whole = np.repeat(np.arange(len(starts)), self.sizes)

    def sum(self, column: Whole) -> Whole:
        return np.add.reduceat(column, self.starts)

    def sum_real(self, column: Real) -> Real:
        return np.add.reduceat(column, self.starts)

    def most(self, column: Whole) -> Whole:
        return np.maximum.reduceat(column, self.starts)

    def any(self, column: Flag) -> Flag:
        return np.logical_or.reduceat(column, self.starts)

    def first(self, column: Flag) -> Flag:
        """Of each member's rows only the first that is true."""
        places = np.where(column, np.arange(self.rows), self.rows)
        first: Flag = places == np.minimum.reduceat(places, self.starts)[self.of_row]
        return first & column


def score(figures: Figures, days_of_data: Whole) -> Scored:
    """`rule.score` and `band.band` of each member; `days_of_data` has one figure for each."""
    members = _Members(figures.starts, len(figures.response))
    beyond = members.any(_is_beyond(figures)) | (members.sizes > ACCOUNTS_AT_MOST)
    fit = _without(figures, beyond[members.of_row])
    reaches, granted, given = _place_grant(fit, members)
    too_far = members.sum_real(reaches.astype(np.float64)) >= REACH_BELOW
    believed, invented = _believed(fit, members, reaches)
    total = members.sum(np.where(too_far[members.of_row], 0, believed))
    hundredths = hundredths_of(total)
    tenths = _apportion((hundredths - LOWEST) // 10, believed, members)
    low, high, unclear = _band(fit, members, reaches, given, total, hundredths, days_of_data)
    return Scored(
        hundredths,
        low,
        high,
        total,
        beyond | too_far | invented | unclear,
        reaches,
        tenths,
        granted,
    )


def hundredths_of(reach: Whole) -> Whole:
    """`rule.hundredths_of`."""
    return np.minimum(HIGHEST, LOWEST + np.searchsorted(STEPS, reach, side="right") - 1)


def _is_beyond(figures: Figures) -> Flag:
    of_people = (figures.response, figures.everyone, figures.squares)
    too_many: Flag = figures.response >= RESPONSE_BELOW
    for column in of_people:
        too_many = too_many | (column < 0)
    return too_many | (figures.everyone >= RESPONSE_BELOW) | (figures.days_since_read < 0)


def _without(figures: Figures, rows: Flag) -> Figures:
    """Harmless figures in the place of those that are left to others."""
    if not rows.any():
        return figures
    kept = {name: getattr(figures, name) for name in figures.__dataclass_fields__}
    for name in ("response", "everyone", "squares", "followers", "curation"):
        kept[name] = np.where(rows, 0, kept[name])
    return Figures(**kept)


def _place_grant(figures: Figures, members: _Members) -> tuple[Whole, Flag, Whole]:
    """`rule.place_grant`: all reaches, where the grant is, and how much of it each row has."""
    filled = np.where(figures.is_counted & figures.is_known_host, figures.everyone, 0)
    grant = GRANT + np.minimum(EVERYONE_AT_MOST, members.sum(filled))[members.of_row]
    nothing = np.zeros_like(grant)
    plain = _reaches(figures, figures.response, nothing)
    with_grant = _reaches(figures, figures.response, grant)
    known = figures.is_known_host
    of_known = members.sum(np.where(known, plain, 0))[members.of_row]
    of_unknown = members.sum(np.where(known, 0, plain))[members.of_row]
    more = with_grant - plain
    merit = np.where(
        known,
        of_known + more + np.minimum(of_unknown, UNKNOWN_HOSTS_AT_MOST),
        of_known + np.minimum(of_unknown + more, UNKNOWN_HOSTS_AT_MOST),
    )
    merit = np.where(figures.is_counted, merit, -1)
    # Rows are in the order of their keys: the first of equals has the smallest.
    best = members.first(figures.is_counted & (merit == members.most(merit)[members.of_row]))
    return np.where(best, with_grant, plain), best, np.where(best, grant, nothing)


def _reaches(figures: Figures, response: Whole, grant: Whole) -> Whole:
    """`rule.account_reach` with another `response`, and `grant` besides."""
    listening = LISTENERS_PER_RESPONSE * response
    followers = np.clip(figures.followers, 0, MOST_PEOPLE) * ONE
    shown = np.maximum(followers, np.minimum(listening, UNFOLLOWED_AT_MOST))
    audience = np.where(figures.has_audience, shown, listening)
    heard = _softmin(audience, LISTENERS_PER_RESPONSE * (response + grant))
    curated = _geometric_mean(heard, np.clip(figures.curation, 0, MOST_PEOPLE), figures)
    return np.where(figures.is_counted, curated, 0)


def _softmin(one: Whole, other: Whole) -> Whole:
    """`rule.softmin`."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    both = (one > 0) & (other > 0)
    squares = np.where(both, a * a + b * b, 1.0)
    estimate = np.where(both, a * b / np.sqrt(squares), 0.0)
    return _floor(estimate, lambda row: rule.softmin(int(one[row]), int(other[row])))


def _geometric_mean(heard: Whole, curation: Whole, figures: Figures) -> Whole:
    """`heard` where the platform has no curation, else what `rule` makes of both."""
    rows = np.flatnonzero(figures.has_curation)
    if not len(rows):
        return heard
    of_rows, factor = heard[rows], CURATION_FACTOR * curation[rows] + 1
    estimate = np.sqrt(of_rows.astype(np.float64) * (factor.astype(np.float64) * ONE))
    means = _floor(
        estimate, lambda row: isqrt(int(of_rows[row]) * (int(factor[row]) << FIXED_BITS))
    )
    never_lowers = figures.curation_never_lowers[rows]
    found = heard.copy()
    found[rows] = np.where(never_lowers, np.maximum(of_rows, means), means)
    return found


def _floor(estimate: Real, exactly: Callable[[int], int]) -> Whole:
    """Estimates rounded down; those too near to a whole number to tell are asked `exactly`."""
    down = np.floor(estimate)
    error = estimate * ROOT_ERROR
    unsure = (estimate - down <= error) | (down + 1 - estimate <= error)
    found: Whole = down.astype(np.int64)
    for row in np.flatnonzero(unsure & (estimate > 0)):
        found[row] = exactly(int(row))
    return found


def _believed(figures: Figures, members: _Members, reaches: Whole) -> tuple[Whole, Flag]:
    """What each row adds to the pool; and members of whom several unknown hosts say too much.

    Those are left to `rule.apportion`.
    """
    known = figures.is_known_host
    unknown = members.sum(np.where(known, 0, 1))
    told = members.sum(np.where(known, 0, np.minimum(reaches, REACH_BELOW)))
    invented = (unknown > 1) & (told > UNKNOWN_HOSTS_AT_MOST)
    return np.where(known, reaches, np.minimum(reaches, UNKNOWN_HOSTS_AT_MOST)), invented


def _apportion(totals: Whole, sizes: Whole, members: _Members) -> Whole:
    """`rule.apportion` of each member's total among their rows, which are in order of keys."""
    whole = members.sum(sizes)
    total, of = totals[members.of_row], np.maximum(whole, 1)[members.of_row]
    # Unsigned, and sizes held: of members beyond, any figure will do as long as it is one.
    shared = total * np.minimum(sizes, REACH_BELOW)
    parts, remainders = shared // of, shared % of
    left = np.where(whole > 0, totals - members.sum(parts), 0)
    open_rows = np.flatnonzero(left[members.of_row] > 0)
    if len(open_rows):
        order = np.lexsort((-sizes[open_rows], -remainders[open_rows], members.of_row[open_rows]))
        of_member = members.of_row[open_rows][order]
        first = np.searchsorted(of_member, of_member, side="left")
        gains = np.arange(len(order)) - first < left[of_member]
        parts[open_rows[order][gains]] += 1
    return parts


def _band(
    figures: Figures,
    members: _Members,
    reaches: Whole,
    grant: Whole,
    total: Whole,
    hundredths: Whole,
    days_of_data: Whole,
) -> tuple[Whole, Whole, Flag]:
    """`band.band`; the last column names members whose range is left to it."""
    low, high, unclear = likely_responses(figures.response, figures.squares)
    below = _deviation(figures, reaches - _reaches(figures, low, grant))
    above = _deviation(figures, _reaches(figures, high, grant) - reaches)
    low_score = hundredths_of(np.maximum(0, total - _root_of_squares(below, members)))
    high_score = hundredths_of(total + _root_of_squares(above, members))
    learning = days_of_data < LEARNING_DAYS
    low_score = np.where(
        learning, np.minimum(low_score, hundredths - LEARNING_HUNDREDTHS), low_score
    )
    high_score = np.where(
        learning, np.maximum(high_score, hundredths + LEARNING_HUNDREDTHS), high_score
    )
    too_far = members.any((below >= REACH_BELOW) | (above >= REACH_BELOW))
    return (
        np.maximum(low_score, LOWEST),
        np.minimum(high_score, HIGHEST),
        members.any(unclear) | too_far,
    )


def likely_responses(response: Whole, squares: Whole) -> tuple[Whole, Whole, Flag]:
    """`band.likely_responses`; the last column names rows whose quantiles are no figures here."""
    total, sum_of_squares = response / ONE, squares / SQUARES_ONE
    nobody = (response == 0) | (squares == 0)
    total, sum_of_squares = np.where(nobody, 1.0, total), np.where(nobody, 1.0, sum_of_squares)
    people = np.where(nobody, 0.0, total * total / sum_of_squares / CLUMPS)
    weight = np.where(nobody, SMALLEST_WEIGHT, sum_of_squares / total * CLUMPS)
    quantiles = [
        np.rint(gammaincinv(people + 0.5, quantile) * weight * ONE)
        for quantile in (LOW_QUANTILE, HIGH_QUANTILE)
    ]
    unclear = np.logical_or.reduce([~(found < RESPONSE_BELOW) for found in quantiles])
    low, high = (np.where(unclear, 0.0, found).astype(np.int64) for found in quantiles)
    return np.minimum(response, low), np.maximum(response, high), unclear


def _deviation(figures: Figures, deviation: Whole) -> Whole:
    """`band._deviation`."""
    days = np.minimum(figures.days_since_read, LEFT_OUT_AFTER_DAYS)
    wider: Whole = deviation * (LEFT_OUT_AFTER_DAYS + days) // LEFT_OUT_AFTER_DAYS
    return np.where(figures.is_known_host, wider, np.minimum(wider, UNKNOWN_HOSTS_AT_MOST))


def _root_of_squares(column: Whole, members: _Members) -> Whole:
    """The root of the sum of squares over each member's rows, rounded down; none is negative."""
    real = column.astype(np.float64)
    estimate = np.sqrt(members.sum_real(real * real))
    alone = members.sum((column != 0).astype(np.int64)) <= 1

    def exactly(member: int) -> int:
        first = int(members.starts[member])
        rows = column[first : first + int(members.sizes[member])]
        return isqrt(sum(int(one) ** 2 for one in rows))

    return np.where(alone, members.most(column), _floor(np.where(alone, 0.0, estimate), exactly))
