"""Threat 26: a network is called quiet because we could not read it.

Figure: 0 false pings over 1,000 outages of one to seven days. A year of a thousand accounts with
their outages is in tests/sonobuoy/test_a_year_of_a_thousand.py: a failed poll is never silence.
"""

from tests.security.proofs import stands


def test_the_proofs_stand() -> None:
    stands(
        "tests/sonobuoy/test_a_year_of_a_thousand.py",
        "test_the_year_is_one_worth_listening_to",
        "test_no_ping_comes_out_of_a_failed_poll",
        "test_no_silence_is_told_of_twice",
        "test_real_polls_and_tasks_tell_the_same",
    )
