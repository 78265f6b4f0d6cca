"""The sentences: what happened, what was kept, what to do next."""

from datetime import UTC, datetime, timedelta

import pytest

from networks.charts import pulse_bars
from networks.problems import PROBLEMS, problem
from networks.wording import ago, clock, next_try, what_you_did

SINCE = datetime(2026, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_says_what_happened_what_was_kept_and_what_is_next(code):
    reading = problem(code).while_reading("known.example")
    linking = problem(code).while_linking("known.example")
    assert "known.example" in reading
    assert "Everything read so far is kept." in reading
    assert "Nothing was linked or changed." in linking
    for said in (reading, linking):
        assert said.endswith(".")
        assert said.count(".") - said.count("known.example") >= 3
        assert "{" not in said


@pytest.mark.parametrize("code", PROBLEMS)
def test_no_sentence_speaks_of_one_network_to_the_members_of_all(code):
    said = f"{PROBLEMS[code]}"
    assert not any(name in said for name in ("Mastodon", "mastodon.social", "GitHub", "Reddit"))


def test_a_code_nobody_knows_still_has_a_sentence():
    assert "Something went wrong on our side" in problem("new").while_reading("known.example")


@pytest.mark.parametrize(
    ("acts", "sentence"),
    [
        (
            {"reshare": 6, "reply": 4},
            "Since 5 October you boosted 6 of their posts and replied to 4.",
        ),
        ({"reply": 1}, "Since 5 October you replied to 1 of their posts."),
        ({"follow": 1}, "Since 5 October you followed them."),
        (
            {"favourite": 3, "mention": 2, "follow": 1},
            "Since 5 October you favourited 3 of their posts, mentioned them twice and "
            "followed them.",
        ),
        ({"mention": 1}, "Since 5 October you mentioned them once."),
        (
            {"star": 1, "review": 3, "issue": 2},
            "Since 5 October you opened 2 issues or pull requests for them, reviewed 3 changes of "
            "theirs and starred 1 thing they made.",
        ),
        ({}, ""),
    ],
)
def test_what_you_did_is_told_in_neutral_words(acts, sentence):
    assert what_you_did(acts, SINCE) == sentence


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(seconds=5), "a moment ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=40), "40 days ago"),
        (timedelta(minutes=-5), "a moment ago"),
    ],
)
def test_how_long_ago(now, past, words):
    assert ago(now - past, now) == words


def test_a_clock_names_the_day_where_it_is_another_one(now):
    assert clock(now, now) == "12:00 UTC"
    assert clock(now + timedelta(days=1), now) == "12:00 UTC on 3 November"


def test_the_next_try(now):
    assert next_try(None, now) == ""
    assert next_try(now, now) == "The next try is about to begin."
    assert next_try(now + timedelta(hours=1), now) == "The next try is at 13:00 UTC."


def test_a_pulse_has_a_bar_a_day_and_the_busiest_is_full():
    pulse = pulse_bars([0, 1, 40, 20])
    assert [bar.height for bar in pulse.bars] == [2, 4, 40, 20]
    assert all(bar.y + bar.height == pulse.height for bar in pulse.bars)
    assert [bar.is_none for bar in pulse.bars] == [True, False, False, False]
    assert pulse.summary == "61 posts on 3 of the last 4 days"
    assert pulse_bars([0] * 28).summary == "No posts in the last 28 days"
    assert pulse_bars([1, 0]).summary == "1 post on 1 of the last 2 days"
