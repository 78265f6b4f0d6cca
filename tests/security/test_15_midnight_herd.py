"""Threat 15: everything happens at one moment, and then nothing.

Figure: the busiest minute has at most twice the mean. Polls lie over the whole of their period by
a hash of the account, so no hour of anybody's night is special (DESIGN 7, docs/scale.md).
"""

from tests.security.proofs import stands


def test_the_proofs_stand() -> None:
    stands(
        "tests/networks/test_schedule.py",
        "test_the_busiest_minute_of_any_platforms_period_has_at_most_twice_the_mean",
        "test_regular_reads_lie_evenly_over_the_period",
        "test_a_read_that_was_late_does_not_move_the_accounts_own_moment",
    )
