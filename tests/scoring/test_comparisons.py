"""Two days side by side: exact to the digit, in numbers of people, and kind to odd questions."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from networks.models import LinkedAccount
from scoring import selectors
from scoring.models import Score
from scoring.services import rescore, run_night
from tests.factories import make_account, make_reaction, make_reading

TODAY = date(2026, 11, 2)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def adds_up(found):
    parts = [one.tenths for one in found.accounts] + [line.tenths for line in found.lines]
    assert sum(parts) == found.tenths == found.after - found.before
    for one in found.accounts:
        assert sum(part.tenths for part in one.parts) == one.tenths
    return True


def causes(found, place=0):
    return {part.words: part for part in found.accounts[place].parts}


@pytest.fixture
def account(ada, now, make_heard):
    """Read every night; three people responded, one of them 40 days ago."""
    account = make_heard(ada)
    run_night(now.date(), now)
    return account


@pytest.fixture
def at_ada(client, ada):
    client.force_login(ada)
    return client


def after(days, ada, now):
    later = now + timedelta(days=days)
    run_night(later.date(), later)
    return selectors.comparison(ada, now.date(), later.date())


def test_people_who_came_and_people_who_aged_out_are_counted(ada, now, account):
    for number in range(4):
        make_reaction(account, now + timedelta(days=number))
    make_reading(account, now + timedelta(days=55, hours=-1), followers=1_000)
    found = after(55, ada, now)
    assert adds_up(found)
    response = causes(found)["Response"]
    assert "6 people responded in 90 days, 3 before" in response.detail
    assert "4 of them had not responded in the window of the earlier day" in response.detail
    assert "1 person, whose last response lies more than 90 days back, aged out" in response.detail


def test_followers_are_told_as_from_and_to(ada, now, account):
    make_reading(account, now + timedelta(days=1, hours=-1), followers=40)
    found = after(1, ada, now)
    assert adds_up(found)
    assert causes(found)["Audience"].detail == "960 fewer follow: 40, and 1,000 before."
    assert causes(found)["Audience"].tenths < 0


def test_a_network_that_was_linked_or_unlinked_is_a_line(ada, now, account):
    other = make_account(ada, now)
    make_reading(other, now, followers=50_000)
    for number in range(30):
        make_reaction(other, now - timedelta(hours=1 + number))
    make_reading(account, now + timedelta(days=1, hours=-1), followers=1_000)
    found = after(1, ada, now)
    assert adds_up(found)
    assert set(causes(found, 1)) == {"Linked"}
    other.delete()
    later = now + timedelta(days=2)
    run_night(later.date(), later)
    found = selectors.comparison(ada, now.date() + timedelta(days=1), later.date())
    assert adds_up(found)
    assert set(causes(found, 1)) == {"Unlinked"}
    assert "What it had added went with it" in causes(found, 1)["Unlinked"].detail


def test_a_network_that_could_not_be_read_is_left_out_with_its_line(ada, now, account):
    other = make_account(ada, now)
    make_reading(other, now + timedelta(days=40, hours=-1), followers=300)
    found = after(40, ada, now)
    assert adds_up(found)
    assert set(causes(found)) == {"Not read"}
    assert "could not be read for 30 days" in causes(found)["Not read"].detail


def test_an_account_that_was_unlinked_since_is_still_the_same_on_two_days_before(ada, now, account):
    make_reading(account, now + timedelta(days=1, hours=-1), followers=2_000)
    run_night(now.date() + timedelta(days=1), now + timedelta(days=1))
    LinkedAccount.objects.all().delete()
    found = selectors.comparison(ada, now.date(), now.date() + timedelta(days=1))
    assert adds_up(found)
    assert "Audience" in causes(found)
    assert len(found.accounts) == 1


def test_a_network_in_which_nothing_changed_shows_nothing(ada, now, account):
    still = make_account(ada, now, platform="bluesky")
    make_reading(still, now - timedelta(days=1), followers=70)
    run_night(now.date(), now + timedelta(hours=1))
    make_reading(account, now + timedelta(days=1, hours=-1), followers=90_000)
    found = after(1, ada, now)
    assert adds_up(found)
    names = [one.words for one in found.accounts]
    assert found.accounts[names.index("Bluesky")].parts == ()
    assert found.accounts[names.index("Bluesky")].change == "0.0"


def test_ninety_days_of_a_life_add_up_between_any_two(ada, now):
    for place, platform in enumerate(("mastodon", "github", "blog")):
        account = make_account(ada, now, platform=platform, linked_at=now - timedelta(days=3))
        for days in (0, 20, 60):
            make_reading(
                account, now - timedelta(days=days), followers=900 - 7 * days, curation=9 - place
            )
        for number in range(60):
            make_reaction(
                account,
                now - timedelta(days=number * 5 % 170),
                responder_hash=number % 31,
                standing=(100, 600, 1000)[number % 3],
                recorded_at=now,
            )
    rescore([ada.pk], now)
    days = sorted(Score.objects.values_list("on", flat=True))
    assert len(days) == 90
    for first in days[::9]:
        for second in days[4::9]:
            assert adds_up(selectors.comparison(ada, first, second))


# --- The page ---


def test_it_compares_with_a_week_before_unless_asked(at_ada, ada, now, account):
    for days in range(1, 9):
        run_night(now.date() + timedelta(days=days), now + timedelta(days=days))
    response = at_ada.get("/score/compare/")
    assert response.context["compared"].before_on == date(2026, 11, 3)
    assert response.context["days"].notes == ()
    for since, on in (("day", "2026-11-09"), ("week", "2026-11-03")):
        compared = at_ada.get(f"/score/compare/?since={since}").context["compared"]
        assert str(compared.before_on) == on
    compared = at_ada.get("/score/compare/?from=2026-11-04&to=2026-11-06").context["compared"]
    assert (str(compared.before_on), str(compared.after_on)) == ("2026-11-04", "2026-11-06")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?from=yesterday", "\u201cyesterday\u201d is no day. A day is written as 2026-11-02."),
        ("?from=2026-02-30", "is no day"),
        ("?to=0000-00-00&from=%00", "is no day"),
        ("?from=" + "9" * 5_000, "is no day"),
        ("?from=2020-01-01", "There is no score of 1 Jan 2020; the first one after it is shown"),
        ("?to=2030-01-01", "There is no score of 1 Jan 2030; the last one before it is shown"),
        ("?since=century", "There is no other day with a score to compare with"),
        ("?from=<script>", "&lt;script&gt;"),
    ],
)
def test_odd_questions_get_a_kind_answer(at_ada, account, query, told):
    response = at_ada.get(f"/score/compare/{query}")
    assert response.status_code == 200
    assert told in response.content.decode()


def test_two_days_the_wrong_way_round_are_put_in_order(at_ada, ada, now, account):
    run_night(now.date() + timedelta(days=1), now + timedelta(days=1))
    compared = at_ada.get("/score/compare/?from=2026-11-03&to=2026-11-02").context["compared"]
    assert compared.before_on < compared.after_on


def test_without_a_score_it_says_how_to_begin(at_ada):
    assert "No network linked yet" in text_of(at_ada.get("/score/compare/"))


def test_a_visitor_and_a_stranger_see_nothing_of_it(client, mallory, ada, account):
    assert client.get("/score/compare/").status_code == 302
    client.force_login(mallory)
    assert "@ada" not in client.get("/score/compare/?from=2026-11-02").content.decode()
    assert client.post("/score/compare/").status_code == 405


def test_it_asks_no_more_for_more_accounts_and_days(at_ada, ada, now, account):
    counts = []
    for days in (1, 2):
        for _ in range(4):
            make_reading(make_account(ada, now), now + timedelta(days=days, hours=-1))
        run_night(now.date() + timedelta(days=days), now + timedelta(days=days))
        with CaptureQueriesContext(connection) as queries:
            assert at_ada.get("/score/compare/?since=day").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
