"""What moved a score: it adds up, always, and what did not change moved nothing."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.registry import PLATFORMS
from scoring import rule
from scoring.differences import Cause, across_rules, difference, shapley, share_out
from scoring.rule import ONE, AccountFigures, score

PLATFORM_KEYS = sorted(PLATFORMS)
MEMBERS = 10_000


def drawn_account(chance, key):
    """Small and large accounts, unread ones, invented ones, ones that nobody answers."""
    return AccountFigures(
        key=key,
        platform=chance.choice(PLATFORM_KEYS),
        followers=chance.choice([None, 0, int(10 ** chance.uniform(0, 9))]),
        curation=chance.choice([None, 0, int(10 ** chance.uniform(0, 5))]),
        response=int(10 ** chance.uniform(-2, 6) * ONE) if chance.random() < 0.8 else 0,
        everyone=int(chance.uniform(0, 1) * ONE),
        is_known_host=chance.random() < 0.8,
        days_since_read=chance.choice([0, 0, 1, 3, 31]),
    )


def drawn_day(chance):
    accounts = [drawn_account(chance, key) for key in range(chance.randrange(5))]
    return {f"{account.key} on {account.platform}": account for account in accounts}


def next_day(chance, day):
    """The same accounts with some figures changed, some gone and some new."""
    after = {}
    for name, account in day.items():
        other = drawn_account(chance, account.key)
        changed = [
            f
            for f in (
                "followers",
                "curation",
                "response",
                "everyone",
                "days_since_read",
                "is_known_host",
            )
            if chance.random() < 0.3
        ]
        if chance.random() < 0.9:
            after[name] = replace(account, **{field: getattr(other, field) for field in changed})
    if chance.random() < 0.2:
        after["a new one"] = drawn_account(chance, 100)
    return after


def shown(day):
    return score(list(day.values())).hundredths // 10


def everything(found):
    return sum(one.tenths for one in found.accounts) + sum(line.tenths for line in found.lines)


def test_ten_thousand_differences_add_up_to_the_shown_digit():
    chance = Random(2026)
    for _ in range(MEMBERS):
        before = drawn_day(chance)
        after = next_day(chance, before) if chance.random() < 0.8 else drawn_day(chance)
        found = difference(before, after, rule)
        assert (found.before, found.after) == (shown(before), shown(after))
        assert everything(found) == found.tenths == shown(after) - shown(before)
        for one in found.accounts:
            assert sum(part.tenths for part in one.parts) == one.tenths
            if before.get(one.name) == after.get(one.name):
                assert (one.tenths, one.parts) == (0, ())


def test_ten_thousand_differences_are_the_same_backwards_but_for_the_sign():
    """Up to the last digit, which must be rounded one way or the other."""
    chance = Random(7)
    for _ in range(MEMBERS // 10):
        before = drawn_day(chance)
        after = next_day(chance, before)
        forth, back = difference(before, after, rule), difference(after, before, rule)
        assert forth.tenths == -back.tenths
        ways = [{one.name: one.tenths for one in way.accounts} for way in (forth, back)]
        assert all(abs(ways[0][name] + ways[1][name]) <= 1 for name in ways[0])


@given(
    values=st.lists(st.decimals(-900, 900, places=3), max_size=8),
    rounding=st.decimals(Decimal("-0.999"), Decimal("0.999"), places=3),
)
def test_what_is_shared_out_adds_up_and_stays_within_one(values, rounding):
    whole = int((sum(values) + rounding).to_integral_value())
    if abs(whole - sum(values)) >= 1:
        whole = int(sum(values).to_integral_value())
    parts = share_out(whole, values)
    assert sum(parts) == whole
    for part, value in zip(parts, values, strict=True):
        assert abs(part - value) < 1
        assert value or not part


@given(st.lists(st.integers(-1000, 1000), min_size=16, max_size=16))
def test_shapley_values_add_up_and_who_changes_nothing_gets_nothing(worth):
    values = shapley(lambda group: worth[group], 4)
    assert sum(values) == 24 * (worth[15] - worth[0])
    assert shapley(lambda group: worth[group & 7], 4)[3] == 0


def mastodon(followers=1_000, response=5, key=1, **fields):
    return AccountFigures(key, "mastodon", followers, None, int(response * ONE), 0, **fields)


def told(before, after):
    found = difference(before, after, rule)
    accounts = {one.name: {part.cause: part.tenths for part in one.parts} for one in found.accounts}
    return accounts, {line.cause: line.tenths for line in found.lines}


def test_the_same_day_twice_is_no_difference():
    day = {"one": mastodon(), "other": mastodon(300, 2, key=2)}
    found = difference(day, day, rule)
    assert found.tenths == 0
    assert all(not one.parts for one in found.accounts)
    assert found.lines == ()


def test_more_followers_and_more_response_are_told_apart():
    accounts, lines = told({"one": mastodon(1_000, 5)}, {"one": mastodon(2_000, 5)})
    assert set(accounts["one"]) == {Cause.FOLLOWERS}
    assert accounts["one"][Cause.FOLLOWERS] > 0
    accounts, lines = told({"one": mastodon(1_000, 5)}, {"one": mastodon(1_000, 3)})
    assert accounts["one"][Cause.RESPONSE] < 0
    assert lines == {}


@pytest.mark.parametrize("backwards", [False, True])
def test_linking_the_first_account_is_all_its_own(backwards):
    days = [{}, {"one": mastodon(1_000, 0)}]
    accounts, lines = told(*(reversed(days) if backwards else days))
    assert set(accounts["one"]) == {Cause.UNLINKED if backwards else Cause.LINKED}
    assert abs(sum(accounts["one"].values())) > 200
    assert lines == {}


def test_the_grant_that_moves_to_a_new_account_has_its_own_line():
    old = mastodon(150, 0, key=1)
    accounts, lines = told({"old": old}, {"old": old, "new": mastodon(5_000, 0, key=2)})
    assert accounts["old"] == {}
    assert accounts["new"] == {}
    assert lines[Cause.GRANT] > 0


def test_who_fills_the_pot_elsewhere_does_not_move_an_account_that_is_the_same():
    first = mastodon(50_000, 1, key=1)
    quiet, lively = (AccountFigures(2, "mastodon", 3, None, 0, pot) for pot in (0, ONE // 2))
    accounts, lines = told({"first": first, "quiet": quiet}, {"first": first, "quiet": lively})
    assert accounts == {"first": {}, "quiet": {}}
    assert lines[Cause.GRANT] > 0


def test_an_account_that_could_not_be_read_and_is_read_again():
    other = mastodon(2_000, 9, key=2)
    read, unread = mastodon(), mastodon(days_since_read=31)
    accounts, _ = told({"one": read, "other": other}, {"one": unread, "other": other})
    assert set(accounts["one"]) == {Cause.NOT_READ}
    assert accounts["other"] == {}
    accounts, _ = told({"one": unread, "other": other}, {"one": read, "other": other})
    assert set(accounts["one"]) == {Cause.READ_AGAIN}
    accounts, _ = told({"one": unread, "other": other}, {"one": unread, "other": other})
    assert accounts["one"] == {}


def test_the_ceiling_for_unknown_servers_takes_back_what_is_not_believed():
    before = {"one": mastodon(3_000, 5, is_known_host=False)}
    after = {"one": mastodon(9_000, 50, is_known_host=False)}
    accounts, lines = told(before, after)
    assert sum(accounts["one"].values()) > 0
    assert lines[Cause.CEILING] < 0


def test_the_cap_at_a_hundred_takes_back_what_lies_beyond():
    before = {"one": mastodon(9 * 10**7, 9 * 10**6)}
    after = {"one": mastodon(9 * 10**9, 9 * 10**7)}
    found = difference(before, after, rule)
    assert found.after == 1_000
    assert {line.cause: line.tenths for line in found.lines}[Cause.CAP] < 0
    assert everything(found) == found.tenths


def test_a_change_of_rule_is_a_line_of_its_own():
    before, after = {"one": mastodon()}, {"one": mastodon(2_000)}
    within = difference(before, after, rule)
    found = across_rules(within.before - 17, within)
    assert found.lines[-1].cause == Cause.RULE
    assert found.lines[-1].tenths == 17
    assert everything(found) == found.tenths
    assert found.accounts == within.accounts
