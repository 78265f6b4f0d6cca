"""A member's own score through the API: as they chose to see it, and complete."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Member, Profile
from klout.api.terms import USE
from klout.api.v3 import problems
from networks.models import LinkedAccount
from networks.topic_models import Topic
from tests.api.conftest import make_topics
from tests.api.v3.conftest import Ask
from tests.api.v3.test_asking import is_problem
from tests.factories import make_account, make_post, make_reaction, make_score

pytestmark = pytest.mark.django_db


def test_the_newest_score_has_its_likely_range_and_its_terms(ask: Ask, scored: Member) -> None:
    body = ask("/score").json()
    assert (body["score"], body["low"], body["high"]) == (62.34, 59, 66)
    assert body["use"] == USE


def test_the_parts_add_up_to_the_score_as_it_is_shown(ask: Ask, ada: Member, now: datetime) -> None:
    make_score(ada, now, [make_account(ada, now) for _ in range(2)])
    body = ask("/score/explanation").json()
    tenths = round(body["begin"] * 10) + sum(round(part["points"] * 10) for part in body["parts"])
    assert tenths == round(body["score"] * 10)
    assert all(part["sentence"] for part in body["parts"])


@pytest.mark.parametrize(
    ("choice", "number", "band"),
    [("daily", True, True), ("band", False, True), ("hidden", False, False)],
)
def test_a_program_sees_what_the_member_chose_to_see(
    ask: Ask, scored: Member, choice: str, number: bool, band: bool
) -> None:
    Member.objects.filter(pk=scored.pk).update(score_shown=choice)
    body = ask("/score").json()
    assert (body["score"] is not None, body["low"] is not None) == (number, band)
    assert body["shown"] == choice
    explained = ask("/score/explanation").json()
    assert all((part["points"] is not None) == number for part in explained["parts"])
    assert all(bool(part["suppositions"]) <= number for part in explained["parts"])
    days = ask("/score/history").json()["items"]
    assert bool(days) == band
    assert all((day["score"] is not None) == number for day in days)


def test_who_sees_it_once_a_week_gets_the_number_of_monday_and_no_later_day(
    ask: Ask, ada: Member, now: datetime
) -> None:
    account = make_account(ada, now)
    for back in range(10):
        make_score(ada, now - timedelta(days=back), [account], hundredths=3000 + back)
    Member.objects.filter(pk=ada.pk).update(score_shown="weekly")
    monday = (now - timedelta(days=now.weekday())).date().isoformat()
    assert ask("/score").json()["on"] == monday
    assert ask("/score/history").json()["items"][0]["on"] == monday
    if now.weekday():
        later = ask(f"/score/explanation?on={now.date()}")
        assert is_problem(later, problems.NO_SCORE)


def test_without_a_score_it_says_what_there_is_to_wait_for(ask: Ask, ada: Member) -> None:
    for path in ("/score", "/score/explanation"):
        answer = ask(path)
        assert is_problem(answer, problems.NO_SCORE)
        assert "Link a network" in answer.json()["detail"]
    assert ask("/score/history").json()["items"] == []
    assert ask("/score/moments").json()["items"] == []


def test_nobody_elses_score_is_told(ask: Ask, grace: Member, now: datetime) -> None:
    make_score(grace, now, [make_account(grace, now)])
    assert is_problem(ask("/score"), problems.NO_SCORE)
    assert ask("/networks").json()["items"] == ask("/sonobuoy").json()["items"] == []


def test_a_history_goes_on_where_it_stopped_whatever_comes_in_between(
    ask: Ask, ada: Member, now: datetime
) -> None:
    account = make_account(ada, now)
    for back in range(1, 6):
        make_score(ada, now - timedelta(days=back), [account])
    first = ask("/score/history?limit=2").json()
    make_score(ada, now, [account])
    found = [day["on"] for day in first["items"]]
    cursor = first["next_cursor"]
    while cursor:
        page = ask("/score/history", data={"limit": 2, "cursor": cursor}, method="get").json()
        found += [day["on"] for day in page["items"]]
        cursor = page["next_cursor"]
    assert found == [(now - timedelta(days=back)).date().isoformat() for back in range(1, 6)]


@pytest.mark.parametrize("cursor", ["x", "IjIwMjYtMTEtMDIi:forged", "\0", "ü", ":"])
def test_a_cursor_of_ones_own_making_is_refused(ask: Ask, scored: Member, cursor: str) -> None:
    for path in ("/score/history", "/k/gifts", "/k/held", "/mind"):
        answer = ask(path, data={"cursor": cursor}, method="get")
        assert is_problem(answer, problems.INVALID), path


def test_a_cursor_belongs_to_its_list(ask: Ask, scored: Member) -> None:
    cursor = ask("/score/history?limit=1").json()["next_cursor"]
    answer = ask("/mind", data={"cursor": cursor}, method="get")
    assert is_problem(answer, problems.INVALID)


def test_a_day_is_explained_by_the_rule_that_is_named(ask: Ask, scored: Member, now: Any) -> None:
    day = (now - timedelta(days=1)).date()
    assert ask(f"/score/explanation?on={day}&rule=2026.1").json()["on"] == day.isoformat()
    assert is_problem(ask(f"/score/explanation?on={day}&rule=1999.1"), problems.NO_SCORE)
    assert is_problem(ask("/score/explanation?rule=2026.1"), problems.INVALID)
    assert is_problem(ask("/score/explanation?on=0000-00-00"), problems.INVALID)


def test_the_posts_of_many_are_told_with_what_they_added(
    ask: Ask, scored: Member, now: datetime
) -> None:
    account = LinkedAccount.objects.filter(member=scored).first()
    assert account is not None
    post = make_post(account, now - timedelta(days=3), url="https://known.example/1")
    for _ in range(3):
        make_reaction(account, now - timedelta(days=2), post=post)
    (told,) = ask("/score/moments").json()["items"]
    assert (told["url"], told["people"]) == ("https://known.example/1", 3)


def test_ones_own_topics_are_told_with_those_that_are_hidden(
    ask: Ask, ada: Member, grace: Member, now: datetime
) -> None:
    Profile.objects.create(member=ada)
    make_topics(ada, now, 3)
    make_topics(grace, now, 1)
    Topic.objects.filter(member=ada, key="topic0").update(hidden_at=now)
    told = ask("/topics").json()
    assert [one["name"] for one in told["items"]] == ["topic 1", "topic 2", "topic 0"]
    assert [one["hidden_at"] is None for one in told["items"]] == [True, True, False]
    assert told["on_profile"] is False, "nothing is published"
    Profile.objects.filter(member=ada).update(published_at=now)
    assert ask("/topics").json()["on_profile"] is True


def test_lists_ask_as_much_for_many_as_for_few(
    ask: Ask, ada: Member, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask("/me")
    lists = (("/score/history", 3), ("/networks", 10), ("/topics", 4), ("/sonobuoy", 2))
    for count in range(8):
        account = make_account(ada, now)
        make_score(ada, now - timedelta(days=count), [account])
        if count in (3, 7):
            Topic.objects.all().delete()
            make_topics(ada, now, count)
            for path, queries in lists:
                with django_assert_num_queries(queries):
                    assert ask(path).status_code == 200
