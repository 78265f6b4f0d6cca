"""The people page: whom the member reached out to, and no name of anybody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_account, make_outreach, make_reaction
from tests.pages.conftest import reach_out_to_people


@pytest.fixture
def open_people(client, ada):
    client.force_login(ada)
    return lambda: client.get("/people/").text


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get("/people/").url.startswith(reverse("account_login"))


def test_without_a_network_there_is_one_thing_to_do(open_people):
    assert "No network linked yet" in open_people()


def test_with_a_network_and_nobody_there_is_nothing_to_do(open_people, ada, now):
    make_account(ada, now)

    assert "There is nothing you need to do" in open_people()


def test_people_of_the_last_30_days_are_named_with_what_the_member_did(open_people, ada, now):
    account = make_account(ada, now)
    make_outreach(account, now - timedelta(days=29), target_name="Amara Kone")
    make_outreach(account, now - timedelta(days=31), target_name="Jonas Thiel")

    html = open_people()

    assert "Amara Kone" in html
    assert "Jonas Thiel" not in html


def test_responders_are_counted_and_not_named(open_people, ada, now):
    account = make_account(ada, now)
    for person in (1, 1, 2):
        make_reaction(account, now - timedelta(days=3), responder_hash=person)

    assert '<p class="figure num">2</p>' in open_people()


def test_a_stranger_sees_nobody_of_it(client, ada, mallory, now):
    reach_out_to_people(make_account(ada, now), 2, now)
    client.force_login(mallory)

    assert "P 0" not in client.get("/people/").text


def test_queries_do_not_grow_with_people(client, ada, now):
    client.force_login(ada)
    account = make_account(ada, now)
    counts = []
    for _ in range(2):
        reach_out_to_people(account, 8, now)
        with CaptureQueriesContext(connection) as queries:
            client.get("/people/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
