"""How scores are spread: never so that somebody stands out."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Member
from scoring.bands import PEOPLE_AT_LEAST, bands
from scoring.models import Night
from scoring.rule import RULE_VERSION
from scoring.selectors import distribution
from tests.factories import make_score


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 60)))
def test_every_band_holds_twenty_people_and_nobody_is_lost_or_none_is_shown(people):
    found = bands(people)
    if sum(people.values()) < PEOPLE_AT_LEAST:
        assert found == ()
    if found:
        assert sum(band.people for band in found) == sum(people.values())
        assert all(band.people >= PEOPLE_AT_LEAST for band in found)
        assert found[0].low == 1
        assert [band.high for band in found[:-1]] == [band.low for band in found[1:]]
        assert max(band.bar for band in found) == 100


def test_bands_with_too_few_people_are_joined_to_their_neighbours():
    found = bands({1: 4, 2: 30, 3: 25, 4: 19, 9: 1})
    assert [(band.low, band.high, band.people) for band in found] == [
        (1, 30, 34),
        (30, 40, 25),
        (40, 100, 20),
    ]


def test_what_is_left_over_at_the_top_joins_the_last_band():
    assert [(band.low, band.high) for band in bands({3: 25, 8: 2})] == [(1, 100)]


@pytest.fixture
def many(db, now):
    """Sixty members with a score of this night, and yesterday's, which do not count."""
    for number in range(60):
        member = Member.objects.create_user(f"m{number}@example.com", None, name="M")
        make_score(member, now, hundredths=3_000 + number // 30 * 1_000, high_hundredths=9_000)
        make_score(member, now - timedelta(days=1), hundredths=9_000, high_hundredths=9_500)
    make_score(member, now, rule="2025.9", hundredths=9_000, high_hundredths=9_500)
    Night.objects.create(
        on=now.date(), rule=RULE_VERSION, cut_off_at=now, started_at=now, finished_at=now
    )


def test_the_scores_of_the_last_whole_night_are_counted(many, now):
    Night.objects.create(
        on=now.date() + timedelta(days=1), rule=RULE_VERSION, cut_off_at=now, started_at=now
    )
    assert [(band.low, band.high, band.people) for band in distribution()] == [
        (1, 40, 30),
        (40, 50, 30),
    ]


def test_it_is_counted_once_for_each_night(many):
    distribution()
    with CaptureQueriesContext(connection) as queries:
        assert distribution()
    assert len(queries) == 1
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        distribution()
    assert len(queries) == 2


def test_before_the_first_night_and_with_few_people_there_is_nothing_to_show(db, ada, now):
    assert distribution() == ()
    make_score(ada, now)
    Night.objects.create(
        on=now.date(), rule=RULE_VERSION, cut_off_at=now, started_at=now, finished_at=now
    )
    assert distribution() == ()


def test_the_page_shows_them_and_no_number_of_people(client, many):
    html = client.get("/how/").text
    assert "1 to 40" in html
    assert '<td class="num">50</td>' in html


def test_the_page_says_why_there_is_nothing_to_show(client, db):
    assert "nothing to show without showing somebody" in client.get("/how/").text
