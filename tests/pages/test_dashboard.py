"""The page a member opens first: composed of what each app has to say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gifting import services as gifting
from klout.views.dashboard import build, scored_sentence
from networks.models import LinkedAccount
from scoring.selectors import latest_score
from tests import lives
from tests.factories import make_account, make_outreach, make_post, make_score
from tests.pages.conftest import reach_out_to_people


@pytest.fixture
def open_dashboard(client, ada):
    client.force_login(ada)
    return lambda: client.get("/dashboard/").text


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get("/dashboard/").url.startswith(reverse("account_login"))


def test_a_stranger_sees_their_own(client, listening, mallory):
    client.force_login(mallory)

    html = client.get("/dashboard/").text

    assert "@ada@known.example" not in html
    assert "No network linked yet" in html


def test_without_a_network_there_is_one_thing_to_do(open_dashboard):
    html = open_dashboard()

    assert "No network linked yet" in html
    assert f'<a class="button primary" href="{reverse("networks")}">' in html
    assert "Sonobuoy" not in html


def test_during_the_first_read_there_is_a_way_to_watch_it(open_dashboard, ada, now):
    account = make_account(ada, now, first_read_done_at=None, last_read_at=None)

    html = open_dashboard()

    assert "being read for the first time" in html
    assert reverse("account_progress", args=[account.pk]) in html


def test_between_first_read_and_first_score_it_says_when(open_dashboard, ada, now):
    make_account(ada, now)

    assert "Your first score is being computed" in open_dashboard()


def test_the_page_looks_again_only_while_something_is_coming(client, ada, now):
    client.force_login(ada)
    assert "Refresh" not in client.get("/dashboard/").headers

    account = make_account(ada, now)
    assert client.get("/dashboard/")["Refresh"] == "5"

    make_score(ada, now, accounts=[account])
    assert "Refresh" not in client.get("/dashboard/").headers


def test_the_score_stands_with_its_range_and_its_reasons(open_dashboard, listening, ada):
    html = open_dashboard()
    score = latest_score(ada)

    assert f"likely {score.low} to {score.high}" in html
    assert f"Why {score.whole}" in html
    assert score.contributions[0].sentence in html


@pytest.mark.parametrize(("days_ago", "is_dashed"), [(0, False), (1, False), (3, True)])
def test_missed_nights_are_dashed_up_to_yesterday(ada, now, days_ago, is_dashed):
    account = make_account(ada, now)
    for day in range(days_ago, 91):
        make_score(ada, now - timedelta(days=day), accounts=[account])

    assert build(ada, now).trend.has_gaps is is_dashed


def test_few_days_of_data_are_called_learning(open_dashboard, ada, now):
    make_score(ada, now, accounts=[make_account(ada, now)], days_of_data=9)

    html = open_dashboard()

    assert "still learning" in html
    assert "9 days of data so far" in html


def test_the_pulse_counts_the_members_own_posts(listening, ada, now):
    for days in (1, 1, 5):
        make_post(listening, now - timedelta(days=days))

    board = build(ada, now)

    assert board.buoys[0].account.pulse[-2] == 2
    assert board.buoys[0].pulse.summary.startswith("3 posts on 2 ")


def test_handles_tell_two_accounts_of_one_platform_apart(listening, ada, now):
    make_account(ada, now, handle="@ada@other.example")

    assert all(buoy.shows_handle for buoy in build(ada, now).buoys)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "alive"),
        ({"last_problem": "unreachable"}, "not read"),
        ({"state": LinkedAccount.State.NEEDS_CONSENT}, "needs you"),
        ({"first_read_done_at": None}, "first read"),
    ],
)
def test_the_sonobuoy_tells_the_state_of_each_network(open_dashboard, ada, now, fields, word):
    make_account(ada, now, **fields)

    assert f">{word}<" in open_dashboard()


def test_k_is_offered_only_for_people_who_may_be_found(open_dashboard, listening, grace, now):
    open_one = make_account(grace, now, findable=True)
    shut_one = make_account(grace, now, findable=False)
    reach_out_to_people(listening, 1, now)
    for account in (open_one, shut_one):
        make_outreach(listening, now - timedelta(days=1), target_hash=account.person_hash)

    html = open_dashboard()

    assert html.count(f"{reverse('give')}?to={grace.address}") == 1


def test_a_name_is_text_and_nothing_else(open_dashboard, listening, now):
    make_outreach(listening, now - timedelta(days=1), target_name="<script>alert(1)</script>")

    assert "<script>alert" not in open_dashboard()


@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "today at 03:10 UTC"), (24, "yesterday at 03:10 UTC"), (72, "on 30 Oct at 03:10 UTC")],
)
def test_when_it_was_scored_is_said_in_utc(listening, ada, hours, words):
    at = datetime(2026, 11, 2, 3, 10, tzinfo=UTC)
    score = replace(latest_score(ada), computed_at=at - timedelta(hours=hours - hours % 24))

    assert words in scored_sentence(score, at + timedelta(hours=1))


def count_queries(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/dashboard/")
    return len(queries)


def test_queries_do_not_grow_with_rows(client, listening, ada, now):
    client.force_login(ada)
    counts = []
    for _ in range(2):
        for _ in range(5):
            account = make_account(ada, now)
            reach_out_to_people(account, 3, now)
            make_post(account, now - timedelta(days=1))
        counts.append(count_queries(client))

    assert counts[0] == counts[1]
    assert counts[0] <= 17


def test_queries_do_not_grow_with_k(client, listening, ada, grace, mallory, now):
    client.force_login(ada)
    counts = []
    for giver in (grace, mallory):
        lives.open_to_all(giver, now)
        gifting.accept_from(ada, "all")
        lives.give(giver, ada, now - timedelta(minutes=20), "For the essay.")
        counts.append(count_queries(client))

    assert counts[0] == counts[1]


def test_the_last_k_stands_with_its_way(open_dashboard, listening, ada, grace, now):
    lives.open_to_all(grace, now)
    gifting.accept_from(ada, "all")
    k = lives.give(grace, ada, now - timedelta(minutes=20), "For the essay.")

    html = open_dashboard()

    assert "2 hands so far" in html
    assert "<summary>Read the words</summary><blockquote>For the essay.</blockquote>" in html
    assert f"{reverse('give')}?k={k}" in html
    assert reverse("journey", args=[k]) in html


def test_a_k_without_words_says_so(open_dashboard, listening, ada, grace, now):
    lives.open_to_all(grace, now)
    gifting.accept_from(ada, "all")
    gifting.give_k(grace, ada, now - timedelta(minutes=20), key=uuid4())

    html = open_dashboard()

    assert "without words" in html
    assert "Read the words" not in html
