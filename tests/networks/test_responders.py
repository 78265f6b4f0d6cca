"""Who responded: numbers of people by network and week, and members who may be found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from networks.responders import members_who_responded, responded
from tests.factories import make_account, make_reaction

WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=UTC)
NOBODY = Member.objects.none()


def heard(account, *people_and_days):
    for person, days in people_and_days:
        make_reaction(account, WEDNESDAY - timedelta(days=days), responder_hash=person)


def test_people_are_counted_by_week_and_once_in_all(ada):
    heard(make_account(ada, WEDNESDAY), (1, 0), (1, 1), (1, 8), (2, 9), (3, 40))
    found = responded(ada, WEDNESDAY)
    assert found.weeks == (
        date(2026, 11, 2),
        date(2026, 11, 9),
        date(2026, 11, 16),
        date(2026, 11, 23),
    )
    (mastodon,) = found.platforms
    assert (mastodon.by_week, mastodon.people) == ((0, 0, 2, 1), 2)
    assert (found.people, found.again) == (2, 1)


def test_somebody_on_two_networks_is_one_person_in_all(ada, grace):
    here, there = (make_account(ada, WEDNESDAY, platform=name) for name in ("mastodon", "bluesky"))
    heard(here, (1, 0), (2, 0))
    heard(there, (1, 0))
    heard(make_account(grace, WEDNESDAY), (4, 0))
    found = responded(ada, WEDNESDAY)
    assert [(one.label, one.people) for one in found.platforms] == [("Mastodon", 2), ("Bluesky", 1)]
    assert found.people == 2


def test_the_member_is_no_responder_of_their_own(ada):
    account = make_account(ada, WEDNESDAY)
    heard(account, (account.person_hash, 0))
    assert responded(ada, WEDNESDAY).people == 0


def test_a_week_begins_on_monday_at_midnight_utc(ada):
    account = make_account(ada, WEDNESDAY)
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    make_reaction(account, monday, responder_hash=1)
    make_reaction(account, monday - timedelta(microseconds=1), responder_hash=2)
    assert responded(ada, WEDNESDAY).platforms[0].by_week == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("fields", "is_named"),
    [({}, True), ({"findable": False}, False), ({"state": "needs_consent"}, False)],
)  # fmt: skip
def test_a_member_is_named_only_where_they_may_be_found(ada, grace, fields, is_named):
    hers = make_account(grace, WEDNESDAY, **fields)
    heard(make_account(ada, WEDNESDAY), (hers.person_hash, 1), (hers.person_hash, 3))
    found = members_who_responded(ada, WEDNESDAY - timedelta(days=28), NOBODY)
    assert [(one.name, one.times) for one in found] == ([("Grace Oduya", 2)] if is_named else [])


def test_who_is_not_to_be_found_by_the_member_is_not_named(ada, grace):
    hers = make_account(grace, WEDNESDAY)
    heard(make_account(ada, WEDNESDAY), (hers.person_hash, 1))
    not_found = Member.objects.filter(pk=grace.pk).values("pk")
    assert members_who_responded(ada, WEDNESDAY - timedelta(days=28), not_found) == []


def test_each_is_one_query(ada, grace):
    hers = make_account(grace, WEDNESDAY)
    heard(make_account(ada, WEDNESDAY), (hers.person_hash, 1), (5, 1))
    with CaptureQueriesContext(connection) as queries:
        responded(ada, WEDNESDAY)
        assert members_who_responded(ada, WEDNESDAY - timedelta(days=28), NOBODY)
    assert len(queries) == 2
