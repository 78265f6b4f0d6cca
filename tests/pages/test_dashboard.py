"""The page a member opens first: composed of what each app has to say."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from gifting import services as gifting
from gifting.selectors import purse
from gifting.services import keeping
from gifting.services.keeping import Remembered
from klout.views.dashboard import build, scored_sentence
from networks.models import LinkedAccount
from scoring.models import Night
from scoring.rule import RULE_VERSION
from scoring.seen import seen
from scoring.selectors import latest_moments, latest_score, week_sentence
from tests import lives
from tests.factories import make_account, make_outreach, make_post, make_reaction, make_score
from tests.pages.conftest import reach_out_to_people


def build_now(member, now):
    return build(member, seen(member.score_shown, now.date()), now)


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


def test_the_page_looks_again_only_while_something_is_coming(open_dashboard, ada, now):
    again = '<noscript><meta http-equiv="refresh" content="5"></noscript>'
    assert again not in open_dashboard()

    account = make_account(ada, now)
    assert again in open_dashboard()

    make_score(ada, now, accounts=[account])
    assert again not in open_dashboard()


@pytest.mark.parametrize(
    ("fields", "step"), [(None, 1), ({"first_read_done_at": None}, 2), ({}, 3)]
)
def test_somebody_new_sees_which_step_comes_next(open_dashboard, ada, now, fields, step):
    if fields is not None:
        make_account(ada, now, **fields)

    html = open_dashboard()

    steps = re.findall(r'<li( aria-current="step")?><strong>', html)
    assert [bool(current) for current in steps] == [place == step for place in (1, 2, 3)]


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

    assert build_now(ada, now).chart.has_gaps is is_dashed


def test_few_days_of_data_are_called_learning(open_dashboard, ada, now):
    make_score(ada, now, accounts=[make_account(ada, now)], days_of_data=9)

    html = open_dashboard()

    assert "still learning" in html
    assert "9 days of data so far" in html


def test_the_pulse_counts_the_members_own_posts(listening, ada, now):
    for days in (1, 1, 5):
        make_post(listening, now - timedelta(days=days))

    board = build_now(ada, now)

    assert board.buoys[0].account.pulse[-2] == 2
    assert board.buoys[0].pulse.summary.startswith("3 posts on 2 ")


def test_handles_tell_two_accounts_of_one_platform_apart(listening, ada, now):
    make_account(ada, now, handle="@ada@other.example")

    assert all(buoy.shows_handle for buoy in build_now(ada, now).buoys)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "still learning"),
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
def test_when_it_was_scored_is_said_with_the_zone(listening, ada, hours, words):
    at = datetime(2026, 11, 2, 3, 10, tzinfo=UTC)
    score = replace(latest_score(ada), computed_at=at - timedelta(hours=hours - hours % 24))

    assert words in scored_sentence(score, at + timedelta(hours=1))


def test_times_are_those_of_the_members_zone(open_dashboard, listening, ada, settings):
    settings.NIGHT_AT = time(3, 10)
    night_of(timezone.now(), finished=True)
    ada.time_zone = "Asia/Kolkata"
    ada.save()

    assert "Tonight’s scores come at 08:40 IST." in open_dashboard()


def night_of(now, *, finished):
    return Night.objects.create(
        on=now.date(),
        rule=RULE_VERSION,
        cut_off_at=now,
        started_at=now,
        finished_at=now if finished else None,
    )


def test_while_the_night_runs_the_page_says_so(open_dashboard, listening):
    night = night_of(timezone.now(), finished=False)
    assert "being computed now" in open_dashboard()

    night.finished_at = night.started_at
    night.save()
    assert "being computed now" not in open_dashboard()


def test_who_rests_is_told_since_when(open_dashboard, listening, ada):
    ada.resting_since = datetime(2026, 11, 3, 12, tzinfo=UTC)
    ada.save()

    assert "<strong>You are resting</strong> since 3 November" in open_dashboard()


# Session and member among them.
QUERIES = 8


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

    assert counts == [QUERIES, QUERIES]


def test_queries_do_not_grow_with_k(client, listening, ada, grace, mallory, now):
    client.force_login(ada)
    counts = []
    for giver in (grace, mallory):
        lives.open_to_all(giver, now)
        gifting.accept_from(ada, "all")
        lives.give(giver, ada, now - timedelta(minutes=20), "For the essay.")
        counts.append(count_queries(client))

    assert counts == [QUERIES, QUERIES]


def test_queries_do_not_grow_with_people_kept_in_mind(client, listening, ada, now):
    client.force_login(ada)
    counts = []
    for handles in (range(5), range(5, 10)):
        for number in handles:
            keeping.keep_handle(
                ada, Remembered(platform="mastodon", handle=f"@kept{number}@known.example"), now
            )
        counts.append(count_queries(client))

    assert counts == [QUERIES, QUERIES]


def test_queries_do_not_grow_with_days_and_posts(client, listening, ada, now):
    client.force_login(ada)
    counts = []
    for days in (range(1, 10), range(10, 20)):
        for day in days:
            at = now - timedelta(days=day)
            make_score(ada, at, accounts=[listening])
            make_reaction(listening, at, post=make_post(listening, at))
        counts.append(count_queries(client))

    assert counts == [QUERIES, QUERIES]


@pytest.mark.parametrize("choice", ["daily", "weekly", "band", "hidden"])
def test_no_way_of_being_shown_the_number_asks_for_more(client, listening, ada, choice):
    ada.score_shown = choice
    ada.save()
    client.force_login(ada)

    assert count_queries(client) <= QUERIES


def test_somebody_new_asks_for_no_more(client, ada):
    client.force_login(ada)

    assert count_queries(client) <= QUERIES


def test_the_posts_of_the_dashboard_are_those_of_the_why_page(ada, grace, mallory, now):
    lives.full_life(ada, grace, mallory, now)

    posts, moments = build_now(ada, now).posts, latest_moments(ada)

    assert len(posts) == 5
    assert [(one.people, one.reactions, one.url) for one in posts] == [
        (one.people, one.reactions, one.url) for one in moments
    ]


def test_the_dashboard_says_of_the_score_what_the_other_pages_say(ada, grace, mallory, now):
    lives.full_life(ada, grace, mallory, now)
    board = build_now(ada, now)

    assert board.score == latest_score(ada)
    assert board.week == week_sentence(ada)
    assert board.k_to_give == purse(ada, now).total


def test_of_a_long_way_the_last_hands_are_shown(open_dashboard, listening, ada, now):
    members = [
        Member.objects.create_user(f"m{number}@example.com", name=f"M {number}")
        for number in range(10)
    ]
    for member in (*members, ada):
        lives.open_to_all(member, now)
    k = ""
    for place, (giver, receiver) in enumerate(pairwise((*members, ada))):
        k = lives.give(giver, receiver, now - timedelta(minutes=90 - place), "", k)

    html = open_dashboard()

    assert "11 hands so far" in html
    assert ">4 before<" in html


def test_the_last_k_stands_with_its_way(open_dashboard, listening, ada, grace, now):
    lives.open_to_all(grace, now)
    gifting.accept_from(ada, "all")
    k = lives.give(grace, ada, now - timedelta(minutes=20), "For the essay.")

    html = open_dashboard()

    assert "2 hands so far" in html
    assert (
        '<summary>Read the words</summary><blockquote dir="auto">For the essay.</blockquote>'
        in html
    )
    assert f"{reverse('give')}?k={k}" in html
    assert reverse("journey", args=[k]) in html


def test_a_k_without_words_says_so(open_dashboard, listening, ada, grace, now):
    lives.open_to_all(grace, now)
    gifting.accept_from(ada, "all")
    gifting.give_k(grace, ada, now - timedelta(minutes=20), key=uuid4())

    html = open_dashboard()

    assert "without words" in html
    assert "Read the words" not in html
