"""What would have been, by the rule itself, and never as advice."""

from dataclasses import replace

import pytest

from scoring import rule
from scoring.rule import DECAY, EVERYONE_SHIFT, ONE, SATURATION, AccountFigures, score
from scoring.what_if import suppositions
from tests.scoring.oracle import worth

HEARD = AccountFigures(1, "mastodon", 4_200, None, 12 * ONE, ONE // 2)
OTHER = AccountFigures(2, "x", 900, 30, 3 * ONE, ONE // 4)


def supposed(accounts, place=0):
    return {one.words: one for one in suppositions(accounts, place, rule)}


def test_each_is_what_the_rule_makes_of_the_other_input():
    found = supposed([HEARD, OTHER])
    for words, other in (
        ("If half as many followed", replace(HEARD, followers=2_100)),
        ("If twice as many followed", replace(HEARD, followers=8_400)),
        ("If nobody had responded", replace(HEARD, response=0, everyone=0)),
    ):
        assert found[words].tenths == score([other, OTHER]).hundredths // 10
    assert found["If it were not linked"].tenths == score([OTHER]).hundredths // 10
    assert all(one.shown == score([HEARD, OTHER]).hundredths // 10 for one in found.values())


def test_ten_more_settled_people_are_ten_of_full_standing_who_responded_once_yesterday():
    quarters, response, everyone = worth(standing=1_000, trust=0, age=0, acts=1)
    more = replace(
        HEARD, response=HEARD.response + 10 * response, everyone=HEARD.everyone + 10 * everyone
    )
    found = supposed([HEARD])["If 10 more settled people had responded yesterday"]
    assert quarters == 2
    assert everyone == DECAY[0] * SATURATION[1] >> 20 + EVERYONE_SHIFT
    assert found.tenths == score([more]).hundredths // 10 > found.shown


def test_lists_and_servers_are_supposed_only_where_they_matter():
    assert "If nobody had put it on a list" in supposed([HEARD, OTHER], 1)
    assert "If nobody had put it on a list" not in supposed([HEARD, OTHER])
    assert "If nobody had starred it" in supposed([replace(OTHER, platform="github")])
    unknown = replace(HEARD, is_known_host=False)
    assert "If its server were a known one" in supposed([unknown])
    assert "If half as many followed" not in supposed([replace(HEARD, platform="blog")])


def test_of_an_account_that_is_left_out_nothing_is_supposed():
    assert suppositions([replace(HEARD, days_since_read=31)], 0, rule) == ()


@pytest.mark.parametrize("account", [HEARD, OTHER, replace(HEARD, is_known_host=False)])
def test_it_is_never_advice(account):
    for words in supposed([account]):
        assert words.startswith("If ")
        for word in ("should", "post", "try", "more often", "improve", "grow"):
            assert word not in words.lower()


def test_changes_have_their_sign_and_none_is_told_as_none():
    found = supposed([HEARD])
    assert found["If twice as many followed"].change.startswith("+")
    assert found["If nobody had responded"].change.startswith("\u2212")
    assert replace(found["If nobody had responded"], shown=0, tenths=0).change == "no change"
