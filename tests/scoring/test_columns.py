"""The rule on columns against the rule that is printed: the same whole numbers, always."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import band, columns, rule, tallies
from scoring.rule import ONE, AccountFigures

PLATFORMS = ["mastodon", "x", "github", "blog", "stackexchange", "bluesky"]
# From nothing to far beyond what there is, evenly by magnitude, and whole numbers of people.
figure = st.integers(0, 62).flatmap(lambda bits: st.integers(0, 1 << bits))
people = figure | st.integers(0, 5_000).map(lambda n: n * ONE)

accounts = st.builds(
    AccountFigures,
    key=st.integers(0, 10**9),
    platform=st.sampled_from(PLATFORMS),
    followers=st.none() | figure,
    curation=st.none() | figure,
    response=people,
    everyone=people,
    is_known_host=st.booleans(),
    days_since_read=st.sampled_from([0, 1, 7, 29, 30, 31, 1_000_000]),
)
ordinary = st.builds(
    AccountFigures,
    key=st.integers(0, 10**9),
    platform=st.sampled_from(PLATFORMS),
    followers=st.none() | st.integers(0, 10**7),
    curation=st.none() | st.integers(0, 10**5),
    response=st.integers(0, 10**5 * ONE),
    everyone=st.integers(0, 10**5 * ONE),
    is_known_host=st.booleans(),
    days_since_read=st.integers(0, 31),
)


def members_of(account, squares):
    """Lists of members: accounts in the order of their keys, squares of each, days of data."""
    one = st.tuples(
        st.lists(st.tuples(account, squares), min_size=1, max_size=5, unique_by=lambda a: a[0].key),
        st.integers(0, 90),
    )
    return st.lists(one, min_size=1, max_size=8)


def in_columns(members):
    rows = [row for pairs, _ in members for row in sorted(pairs, key=lambda pair: pair[0].key)]
    sizes = [len(pairs) for pairs, _ in members]
    of = [account for account, _ in rows]

    def whole(values):
        return np.array(list(values), dtype=np.int64)

    def flag(values):
        return np.array(list(values), dtype=bool)

    return columns.Figures(
        starts=whole(np.cumsum([0, *sizes[:-1]])),
        followers=whole(a.followers or 0 for a in of),
        curation=whole(a.curation or 0 for a in of),
        response=whole(a.response for a in of),
        everyone=whole(a.everyone for a in of),
        squares=whole(squares for _, squares in rows),
        is_known_host=flag(a.is_known_host for a in of),
        days_since_read=whole(a.days_since_read for a in of),
        has_audience=flag(a.platform not in rule.WITHOUT_AUDIENCE for a in of),
        has_curation=flag(a.platform in rule.WITH_CURATION and a.curation is not None for a in of),
        curation_never_lowers=flag(a.platform in rule.CURATION_NEVER_LOWERS for a in of),
    ), whole(days for _, days in members)


def by_the_rule(pairs, days):
    ordered = sorted(pairs, key=lambda pair: pair[0].key)
    of, squares = [account for account, _ in ordered], [found for _, found in ordered]
    result = rule.score(of)
    likely = band.band(of, squares, result, days)
    shares = [(share.reach, share.tenths, share.granted) for share in result.shares]
    return result.hundredths, likely.low_hundredths, likely.high_hundredths, result.reach, shares


def compared(members):
    """Every member that is not beyond, by columns and by the rule; how many those are."""
    scored = columns.score(*in_columns(members))
    first = fit = 0
    for place, (pairs, days) in enumerate(members):
        rows = slice(first, first + len(pairs))
        first += len(pairs)
        if scored.is_beyond[place]:
            continue
        fit += 1
        shares = zip(
            scored.account_reach[rows].tolist(),
            scored.tenths[rows].tolist(),
            scored.granted[rows].tolist(),
            strict=True,
        )
        found = (
            int(scored.hundredths[place]),
            int(scored.low_hundredths[place]),
            int(scored.high_hundredths[place]),
            int(scored.reach[place]),
            list(shares),
        )
        assert found == by_the_rule(pairs, days)
    return fit


@given(members_of(accounts, figure))
@settings(max_examples=300)
def test_whatever_the_figures_columns_say_what_the_rule_says(members):
    compared(members)


@given(members_of(ordinary, st.integers(0, 1 << 45)))
@settings(max_examples=300)
def test_ordinary_members_are_never_beyond(members):
    held = [
        place
        for place, (pairs, _) in enumerate(members)
        # Several unknown hosts share a bound, and squares may be more than anybody's are.
        if sum(not account.is_known_host for account, _ in pairs) < 2
    ]
    compared(members)
    beyond = columns.score(*in_columns(members)).is_beyond
    unclear = {
        place
        for place, (pairs, _) in enumerate(members)
        for account, squares in pairs
        if squares > 16 * account.response
    }
    assert not [place for place in held if beyond[place] and place not in unclear]


@given(st.lists(st.tuples(figure, figure), min_size=1, max_size=50))
@settings(max_examples=300)
def test_the_soft_minimum_of_columns_is_exact(pairs):
    one, other = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    small, large = one >> 9, other >> 9
    found = columns._softmin(small, large).tolist()
    assert found == [rule.softmin(int(a), int(b)) for a, b in zip(small, large, strict=True)]


@pytest.mark.parametrize("legs", [(3, 4), (5, 12), (20, 21), (60, 91)])
def test_a_soft_minimum_that_is_a_whole_number_is_not_rounded_away(legs):
    # a * b / sqrt(a^2 + b^2) is whole for a = n * p, b = n * q with a Pythagorean p, q, n = 5, ...
    hypotenuse = round((legs[0] ** 2 + legs[1] ** 2) ** 0.5)
    one, other = (
        np.array([leg * hypotenuse * n for n in range(1, 2000)], dtype=np.int64) for leg in legs
    )
    expected = [legs[0] * legs[1] * n for n in range(1, 2000)]
    assert columns._softmin(one, other).tolist() == expected


def test_likely_responses_are_those_of_the_band():
    chance = np.random.default_rng(5)
    response = np.concatenate([[0, 1, ONE], (ONE * np.exp(chance.normal(1, 2, 3000))).astype(int)])
    squares = np.concatenate([[0, 1, 1 << 24], response[3:] * chance.integers(1, 20, 3000)])
    low, high, unclear = columns.likely_responses(response, squares)
    assert not unclear.any()
    expected = [
        band.likely_responses(int(r), int(s)) for r, s in zip(response, squares, strict=True)
    ]
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == expected


def test_golden_examples_come_out_by_columns_as_well():
    path = Path(__file__).parent / "golden" / f"{rule.RULE_VERSION}.json"
    examples = [one for one in json.loads(path.read_text()) if one["accounts"]]
    members = [([golden(inputs) for inputs in one["accounts"]], 90) for one in examples]
    scored = columns.score(*in_columns(members))
    for place, example in enumerate(examples):
        if not scored.is_beyond[place]:
            assert scored.hundredths[place] == example["expected"]["hundredths"], example["name"]
            assert scored.reach[place] == example["expected"]["reach"]
    assert compared(members) >= 12


def golden(inputs):
    """An account of a golden example with the sums of its counts, and their squares."""
    found = tallies.sums(inputs["tally"])
    given = {name: inputs[name] for name in inputs if name != "tally"}
    return AccountFigures(response=found.response, everyone=found.everyone, **given), found.squares
