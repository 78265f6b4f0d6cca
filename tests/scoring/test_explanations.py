"""Sentences: exact, in the plural that fits, and never advice."""

from dataclasses import replace
from datetime import date

import pytest

from scoring import explanations
from scoring.explanations import AccountDay, about, account_sentence, limit_sentence, week_sentence
from scoring.rule import ONE

ON = date(2026, 11, 2)
HEARD = AccountDay(
    platform="mastodon",
    platform_label="Mastodon",
    handle="@ada@example.org",
    state="counted",
    tenths=274,
    reach=38_249 * ONE,
    audience=52_000,
    curation=None,
    response=200 * ONE,
    granted=False,
    acts=300,
    people=127,
    effective_on=ON,
)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1234, "1,230"),
        (38_249, "38,200"),
        (1_999_999, "2,000,000"),
    ],
)
def test_listeners_are_told_to_three_digits(count, text):
    assert about(count) == text


def test_what_was_heard_reads_as_on_the_dashboard():
    assert account_sentence(HEARD, ON) == "38,200 listen. 127 people responded, 52,000 follow"


def test_one_person_is_one_person():
    one = replace(HEARD, reach=ONE, people=1, audience=1)
    assert account_sentence(one, ON) == "1 listens. 1 person responded, 1 follows"


def test_platforms_have_their_own_verbs():
    assert "subscribe" in account_sentence(replace(HEARD, platform="youtube"), ON)
    assert "2,800 starred" in account_sentence(replace(HEARD, platform="github", curation=2800), ON)


@pytest.mark.parametrize(
    ("since", "text"),
    [
        (date(2026, 10, 2), "Not read since 2 Oct, left out"),
        (date(2025, 10, 2), "Not read since 2 Oct 2025, left out"),
        (None, "Not read, left out"),
    ],
)
def test_an_account_that_was_not_read_says_since_when(since, text):
    assert account_sentence(replace(HEARD, state="not_read", effective_on=since), ON) == text


@pytest.mark.parametrize(
    ("audience", "response", "words"),
    [
        (52_000, 10, "Your audience is larger than what responds: 52,000 in the audience"),
        (100, 10, "More responds than the audience holds"),
        (2_000, 10, "Audience and response are in step"),
        (2_000, 0, "Nobody with a weight of their own responded here"),
    ],
)
def test_it_says_what_limits_what(audience, response, words):
    figures = replace(HEARD, audience=audience, response=response * ONE)
    assert limit_sentence(figures).startswith(words)


def test_an_unknown_host_is_explained_and_its_cap_named():
    figures = replace(HEARD, state="unknown_host")
    assert "not a known one" in account_sentence(figures, ON)
    assert any("at most 1,000 listeners" in note for note in explanations.notes(figures))


def test_the_week_in_a_sentence():
    assert week_sentence([]) == week_sentence([("X", 0)])
    assert (
        week_sentence([("X", 1)]) == "1 person answered or passed on what you wrote on X this week."
    )
    assert "carried you this week: 41 of 50 people" in week_sentence([("X", 9), ("Mastodon", 41)])


def test_no_sentence_gives_advice():
    said = [
        *explanations.notes(HEARD),
        *explanations.notes(replace(HEARD, granted=True, state="unknown_host")),
        week_sentence([]),
        week_sentence([("X", 3), ("Mastodon", 41)]),
    ]
    for word in ("should", "try ", "improve", "more often", "post more", "increase", "!"):
        assert not any(word in sentence.lower() for sentence in said)


def test_the_days_that_were_counted_end_with_the_accounts_own_clock():
    assert explanations.window(ON) == "4 Aug to 1 Nov"
    assert explanations.window(None) == "none"


def test_weights_that_nobody_has_are_left_out():
    assert explanations.by_weight([3, 0, 2, 0, 0]) == (
        ("no weight of their own", 3),
        ("one half", 2),
    )
