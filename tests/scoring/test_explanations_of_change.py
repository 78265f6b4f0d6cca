"""Sentences about what moved: from and to, in the plural that fits, and never a reproach."""

from dataclasses import replace

import pytest

from scoring.differences import Cause
from scoring.explanations_of_change import (
    Responders,
    TwoDays,
    line_sentence,
    part_sentence,
    rules_sentence,
    whole_sentence,
)
from scoring.rule import EVERYONE_AT_MOST, ONE
from tests.scoring.test_explanations import HEARD


def two_days(responders=None, **changes):
    return TwoDays(HEARD, replace(HEARD, **changes), responders)


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        (52_120, "120 more follow: 52,120, and 52,000 before."),
        (51_999, "1 fewer follows: 51,999, and 52,000 before."),
        (None, "The figure was not given this time."),
    ],
)
def test_the_audience_is_told_from_and_to(audience, told):
    assert part_sentence(Cause.FOLLOWERS, two_days(audience=audience)) == told


def test_stars_and_lists_have_their_own_verbs():
    github = replace(HEARD, platform="github", curation=28)
    days = TwoDays(github, replace(github, curation=31))
    assert part_sentence(Cause.CURATION, days) == "3 more starred it: 31, and 28 before."


def test_people_who_came_left_and_stayed():
    told = part_sentence(Cause.RESPONSE, two_days(Responders(came=9, left=1, stayed=118)))
    assert told == (
        "127 people responded in 90 days, 127 before. 9 of them had not responded in the window "
        "of the earlier day. 1 person, whose last response lies more than 90 days back, aged out."
    )
    told = part_sentence(Cause.RESPONSE, two_days(Responders(came=0, left=0, stayed=127)))
    assert told.endswith("Responses weigh less as they grow older: half after 30 days.")


def test_the_grant_says_where_it_went_only_if_it_moved():
    moved = line_sentence(Cause.GRANT, moved_from="Mastodon @ada", moved_to="X @ada")
    assert "moved from Mastodon @ada to X @ada" in moved
    still = line_sentence(Cause.GRANT, moved_from="X @ada", moved_to="X @ada")
    assert "moved" not in still
    assert still.endswith(f"up to {EVERYONE_AT_MOST / ONE:g}.")


def test_a_small_difference_may_be_chance():
    assert "may be chance" in whole_sentence(12, 58, 62)
    assert "may be chance" not in whole_sentence(45, 58, 62)
    assert whole_sentence(0, 58, 62) == "No difference."


def test_no_sentence_is_advice_or_a_reproach():
    days = two_days(Responders(3, 2, 1), audience=1)
    said = [part_sentence(cause, days) for cause in Cause if cause not in LINES]
    said += [line_sentence(cause, rules=rules_sentence("a", "b")) for cause in LINES]
    said += [whole_sentence(tenths, 40, 44) for tenths in (-90, -1, 0, 1, 90)]
    assert all(said)
    for word in ("should", "try", "improve", "lost", "only", "unfortunately", "post more", "!"):
        assert not any(word in sentence.lower() for sentence in said), word


LINES = (Cause.GRANT, Cause.CEILING, Cause.CAP, Cause.RULE)
