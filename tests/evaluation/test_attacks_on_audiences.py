"""What money and invented servers buy for real people with genuine profiles."""

import pytest

pytestmark = pytest.mark.django_db


def test_bought_followers_bring_the_median_account_less_than_three_points(traders):
    found = traders.by("followers", fakes=10_000, targets=40)
    assert found["holds"], found


def test_eight_thousand_bought_reshares_bring_less_than_three_points(traders):
    found = traders.by("reshares", fakes=8_000, targets=4)
    assert found["holds"], found


def test_followers_reshares_and_likes_for_forty_dollars(traders):
    found = traders.by("bought", fakes=8_000, targets=20)
    assert found["holds"], found


def test_fifty_empty_accounts_bring_little_more_than_one(traders):
    found = traders.by("accounts", fakes=1, targets=8)
    assert found["holds"], found


def test_an_invented_server_stands_for_a_thousand_listeners_at_most(traders):
    found = traders.by("host", fakes=1_000, targets=6)
    assert found["holds"], found
