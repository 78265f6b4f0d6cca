"""What fakes, fooled members and one busy actor gain on a real graph of trust."""

import pytest

pytestmark = pytest.mark.django_db


def test_telling_whom_the_site_itself_trusted(advogato):
    found = advogato.by("ring", fakes=1_000, targets=8)
    assert found["auc"] >= 0.87
    assert found["holds"], found


def test_fakes_in_a_loop_gain_at_most_a_point(advogato):
    found = advogato.by("loop", fakes=1_000, targets=6)
    assert found["holds"], found


def test_ten_fooled_members_lift_nobody_by_more_than_27_percentiles(advogato):
    found = advogato.by("fooled", fakes=1_000, fooled=10, targets=8)
    assert found["holds"], found


def test_fakes_that_sign_up_gain_at_most_a_point(advogato):
    found = advogato.by("join", fakes=1_000, targets=3)
    assert found["holds"], found


def test_a_thousand_reactions_of_one_actor_are_worth_ten(advogato):
    found = advogato.by("repeat", fakes=1_000, targets=8)
    assert found["holds"], found


def test_a_hundred_genuine_responders_lift_clearly(advogato):
    found = advogato.by("genuine", fakes=100, targets=8)
    assert found["holds"], found
