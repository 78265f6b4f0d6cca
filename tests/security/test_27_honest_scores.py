"""Threat 27: a score is not what its explanation says.

Figure: of 10,000 random members every split adds up to the digit shown, every difference of two
days too, and a score computed from an export, without Django and without us, is the same to the
hundredth.
"""

from tests.security.proofs import stands


def test_the_proofs_stand() -> None:
    stands(
        "tests/scoring/test_rule.py",
        "test_the_split_adds_up_to_the_shown_score",
        "test_the_split_adds_up_for_ten_thousand_members",
        "test_the_order_of_accounts_changes_nothing",
    )
    stands(
        "tests/scoring/test_differences.py",
        "test_ten_thousand_differences_add_up_to_the_shown_digit",
    )
    stands(
        "tests/scoring/test_offline.py",
        "test_every_score_comes_out_of_its_inputs_to_the_digit",
        "test_it_runs_where_there_is_no_django",
        "test_a_figure_that_was_changed_is_found",
    )
