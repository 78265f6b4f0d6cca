"""Threat 10: a K is given twice, by two requests at once or by one sent again.

Figure: 0 overspent in a million tries over 64 connections, and the sum of K is the same at every
commit. `make gift-long` is the long run (K_TRIES, K_STEPS; what it said is in docs/k-ledger.md).
The law is in the database: tests/gifting/test_the_law.py breaks it by raw inserts.
"""

from tests.security.proofs import stands


def test_the_proofs_stand() -> None:
    stands("tests/gifting/test_many_at_once.py", "test_nothing_is_overspent_however_many_try")
    stands("tests/gifting/test_any_life_of_k.py", "test_any_life_of_k")
    stands(
        "tests/gifting/test_at_once.py",
        "test_50_tries_on_5_k_give_5_gifts",
        "test_the_same_form_sent_20_times_gives_once",
        "test_of_undo_and_passing_on_one_wins",
    )
    stands(
        "tests/gifting/test_the_law.py",
        "test_a_slot_twice_is_refused",
        "test_a_k_in_two_hands_is_refused",
        "test_the_same_request_twice_is_refused",
        "test_the_ledger_only_grows",
    )
