"""Threat 11: people who give to one another in a ring, or who are invented.

Figure: a ring of fifty moves no score by K, and what invented people move is under the published
bound. The bounds are tried on real figures in tests/evaluation/, and by the rule alone in
tests/scoring/test_rule.py. Here: K itself, given around in a ring of fifty.
"""

from uuid import uuid4

import pytest

from accounts.models import Member
from gifting import services as gifting
from gifting.models import Move
from scoring.models import Score
from scoring.services import run_night
from scoring.services.night import SETTLES_WITHIN
from tests.factories import make_account, make_reaction, make_reading
from tests.security.proofs import stands

FIFTY = 50


@pytest.mark.django_db
def test_a_ring_of_fifty_moves_no_score_by_k(now) -> None:
    ring = [Member.objects.create_user(f"r{n}@example.com", name=f"R{n}") for n in range(FIFTY)]
    for member in ring:
        account = make_account(member, now)
        make_reading(account, now, followers=1_000)
        make_reaction(account, now)
        gifting.accept_from(member, "all")
    before = reaches_of(now)
    for step in (1, 2, 7):
        for place, giver in enumerate(ring):
            receiver = ring[(place + step) % FIFTY]
            gifting.give_k(giver, receiver, now, key=uuid4(), note=gifting.Note(text="you"))
    assert Move.objects.count() == 3 * FIFTY
    assert reaches_of(now) == before


def reaches_of(now) -> list[int]:
    """What the night says of everybody, in order."""
    Score.objects.all().delete()
    run_night(now.date(), now + SETTLES_WITHIN)
    return list(
        Score.objects.filter(on=now.date()).order_by("member").values_list("reach", flat=True)
    )


def test_the_bounds_of_invented_people_are_tried_where_the_figures_are() -> None:
    stands(
        "tests/evaluation/test_attacks_on_responses.py",
        "test_fakes_in_a_loop_gain_at_most_a_point",
        "test_fakes_that_sign_up_gain_at_most_a_point",
        "test_ten_fooled_members_lift_nobody_by_more_than_27_percentiles",
    )
    stands(
        "tests/evaluation/test_attacks_on_audiences.py",
        "test_an_invented_server_stands_for_a_thousand_listeners_at_most",
        "test_fifty_empty_accounts_bring_little_more_than_one",
    )
    stands(
        "tests/scoring/test_rule.py",
        "test_fifty_empty_accounts_are_worth_one",
        "test_all_unknown_hosts_together_stand_for_a_thousand_listeners",
    )
