"""The account: every entry, the balance after it, as a page and as a file."""

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gifting import selectors, services
from gifting.personal_data import provider
from tests.gifting.conftest import open_to_all

WEEK = timedelta(days=7)


def in_words(member, now) -> list[tuple[str, int, int]]:
    return [
        (line.in_words, line.change, line.balance)
        for line in reversed(selectors.statement(member, now))
    ]


def test_every_entry_has_the_balance_after_it(ada, grace, mallory, give, pass_on, now):
    given = give(ada, grace)
    services.decline(grace, given.k.address, 1, now)
    received = give(grace, ada)
    pass_on(ada, mallory, received.k, now)
    assert in_words(ada, now) == [
        ("Allotted", 5, 5),
        ("Given to Grace Oduya", -1, 4),
        ("Declined by Grace Oduya, came back", 1, 5),
        ("Received from Grace Oduya", 1, 6),
        ("Passed on to Mallory Vex", -1, 5),
    ]
    later = now + 2 * WEEK
    assert in_words(ada, later)[-3:] == [
        ("Not given in its time, lapsed", -4, 1),
        ("Was back with you, lapsed", -1, 0),
        ("Allotted", 5, 5),
    ]
    assert selectors.purse(ada, later).total == 5


def test_what_comes_back_after_its_time_lapses_when_it_comes(ada, grace, mallory, give, now):
    first = give(ada, grace)
    services.decline(grace, first.k.address, 1, now)
    again = give(ada, mallory, now + timedelta(days=6))
    services.decline(mallory, again.k.address, again.step, now + timedelta(days=9))
    newest = selectors.statement(ada, now + timedelta(days=9))[:3]
    assert [line.what for line in newest] == ["lapsed", "came_back", "allotted"]


def test_whoever_left_has_no_name_in_it(ada, grace, give, now):
    give(ada, grace)
    provider.erase(grace, now)
    assert in_words(ada, now)[-1] == ("Given to somebody who left", -1, 4)


def test_the_file_holds_the_same_and_no_formula(client, ada, grace, now):
    for member in (ada, grace):
        open_to_all(member, now)
    grace.name = "=HYPERLINK(1)"
    grace.save()
    services.give_k(ada, grace, timezone.now(), key="7e57ab1e-0000-4000-8000-000000000001")
    client.force_login(ada)
    answer = client.get("/k/account.csv")
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))
    assert [(row["entry"], row["change"], row["balance"]) for row in rows] == [
        ("allotted", "5", "5"),
        ("given", "-1", "4"),
    ]
    assert rows[1]["with"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("path", ["/k/account/", "/k/rules/"])
def test_the_pages_open(client, ada, path):
    client.force_login(ada)
    assert client.get(path).status_code == 200


def test_the_page_asks_no_more_for_more_entries(client, ada, grace, mallory, everybody, now):
    client.force_login(ada)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/k/account/")
        return len(asked)

    a = services.give_k(ada, grace, now, key="7e57ab1e-0000-4000-8000-000000000001")
    once = queries()
    for step in (1, 3, 5):
        services.take_back(ada, a.k.address, step, now)
        services.give_k(ada, grace, now, key=f"7e57ab1e-0000-4000-8000-00000000010{step}")
    assert queries() == once


def test_the_rules_page_tells_the_numbers_in_force(client, ada, settings):
    settings.K_ALLOTMENT, settings.K_PERIOD_DAYS, settings.GIVING_WAIT_DAYS = 8, 14, 2
    client.force_login(ada)
    page = client.get("/k/rules/").content.decode()
    for told in ("8 K each 14 days", "after 2 days", "60 gifts, 10 reports, 30 blocks"):
        assert told in page
