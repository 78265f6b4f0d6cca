"""What a profile is worth: the published rule, and how it does on real and bought accounts."""

import csv
from dataclasses import replace
from datetime import timedelta

import pytest

from networks.connectors.base import Person
from networks.connectors.platform import SIDES
from networks.registry import PLATFORMS
from networks.standing import BOT_AT_MOST, NOT_SHOWN, standing
from tests.networks.scripted import person

UNSEEN = Person("a@b.example", "@a@b.example", "b.example")


@pytest.fixture
def settled(now) -> Person:
    """180 days old with 30 followers, three times as many followed and 50 posts."""
    made = now - timedelta(days=180)
    return person("bo", created_at=made, followers=30, following=90, posts=50)


def test_a_settled_account_stands_fully(settled, now):
    assert standing(settled, "x", now) == 1000


@pytest.mark.parametrize(
    ("weak", "expected"),
    [
        ({"followers": 0}, 0),
        ({"followers": 15}, 500),
        ({"posts": 0}, 0),
        ({"posts": 5}, 100),
        ({"following": 900}, 100),
        ({"is_bot": True}, BOT_AT_MOST),
        ({"posts": 5, "is_bot": True}, 100),
        ({"following": 0}, 1000),
        ({"followers": -3}, 0),
        ({"followers": 10**15, "following": 10**18}, 3),
    ],
)
def test_the_weakest_side_counts(settled, now, weak, expected):
    assert standing(replace(settled, **weak), "x", now) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(-3, 0), (0, 0), (18, 100), (90, 500), (9999, 1000)]
)
def test_age_counts_in_whole_days_and_a_birth_in_the_future_counts_nothing(
    settled, now, days, expected
):
    assert standing(replace(settled, created_at=now - timedelta(days=days)), "x", now) == expected


@pytest.mark.parametrize("hidden", ["created_at", "followers", "following", "posts"])
def test_a_figure_that_is_not_shown_counts_half(settled, now, hidden):
    assert standing(replace(settled, **{hidden: None}), "x", now) == NOT_SHOWN


def test_hiding_does_not_make_up_for_another_weak_side(settled, now):
    assert standing(replace(settled, followers=None, posts=5), "x", now) == 100


@pytest.mark.parametrize("platform", sorted(PLATFORMS.keys() - {"blog"}))
def test_somebody_of_whom_nothing_is_shown_is_unknown(now, platform):
    assert standing(UNSEEN, platform, now) == 0


def test_a_site_is_worth_half_on_the_operators_word(now):
    assert standing(UNSEEN, "blog", now) == NOT_SHOWN


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (18, 100), (90, 500), (9999, NOT_SHOWN)])
@pytest.mark.parametrize("platform", ["youtube", "stackexchange", "reddit"])
def test_where_only_an_age_is_shown_it_is_worth_half_at_most(now, platform, days, expected):
    aged = replace(UNSEEN, created_at=now - timedelta(days=days))
    assert standing(aged, platform, now) == expected


def test_an_age_alone_is_a_profile_that_hides_the_rest_where_the_rest_is_shown(now):
    aged = replace(UNSEEN, created_at=now - timedelta(days=9999))
    assert standing(aged, "mastodon", now) == NOT_SHOWN


def test_what_a_platform_never_shows_is_left_out(settled, now):
    without_posts = replace(settled, posts=None)
    assert standing(without_posts, "youtube", now) == 1000
    assert standing(without_posts, "mastodon", now) == NOT_SHOWN


def test_what_each_platform_shows_of_people_who_respond():
    shown = {key: platform.shows for key, platform in PLATFORMS.items()}
    assert shown == {
        **dict.fromkeys(("mastodon", "bluesky", "x", "github"), SIDES),
        **dict.fromkeys(("youtube", "stackexchange", "reddit"), frozenset({"age"})),
        "blog": frozenset(),
    }


def test_real_accounts_stand_and_bought_ones_do_not(eval_data, now):
    table = eval_data / "fake-followers" / "cresci2015_e13_int_numeric.csv"
    genuine, bought = [], []
    for row in csv.DictReader(table.read_text().splitlines()):
        profile = person(
            "x",
            created_at=now - timedelta(days=int(row["age_days"])),
            followers=int(row["followers_count"]),
            following=int(row["friends_count"]),
            posts=int(row["statuses_count"]),
        )
        (bought if row["fake"] == "1" else genuine).append(standing(profile, "x", now))
    assert (len(genuine), len(bought)) == (1481, 1337)
    assert _auc(genuine, bought) > 0.98
    assert max(bought) < 500
    assert sum(found >= 500 for found in genuine) > 0.85 * len(genuine)
    assert sum(found == 1000 for found in genuine) > 0.6 * len(genuine)


def _auc(high: list[int], low: list[int]) -> float:
    """The chance that one of `high` is above one of `low`; a tie is half a win."""
    wins = sum((a > b) + 0.5 * (a == b) for a in high for b in low)
    return wins / (len(high) * len(low))
