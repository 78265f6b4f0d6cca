"""When an account is read next."""

from collections import Counter
from datetime import timedelta

import pytest

from networks.registry import PLATFORMS
from networks.schedule import after_failure, after_wait, next_regular

HALF_A_DAY = timedelta(hours=12)


def test_regular_reads_lie_evenly_over_the_period(now):
    hours = Counter(
        int((next_regular(account, now, HALF_A_DAY) - now).total_seconds() // 3600)
        for account in range(12_000)
    )
    assert len(hours) == 12
    assert max(hours.values()) <= 1.2 * min(hours.values())


@pytest.mark.parametrize("account", range(50))
def test_an_account_has_its_own_moment_and_never_waits_longer_than_a_period_and_a_half(
    account, now
):
    due = next_regular(account, now, HALF_A_DAY)
    assert HALF_A_DAY / 2 <= due - now <= HALF_A_DAY * 3 / 2
    assert next_regular(account, now, HALF_A_DAY) == due
    assert next_regular(account, due, HALF_A_DAY) == due + HALF_A_DAY


def test_a_read_that_was_late_does_not_move_the_accounts_own_moment(now):
    due = next_regular(7, now, HALF_A_DAY)
    late = next_regular(7, due + timedelta(hours=2), HALF_A_DAY)
    assert late == due + HALF_A_DAY


def test_each_failure_waits_about_twice_as_long_up_to_the_period(now):
    waits = [after_failure(7, failures, now, HALF_A_DAY) - now for failures in range(60)]
    for failures, wait in enumerate(waits):
        full = min(timedelta(minutes=5) * 2 ** min(failures, 20), HALF_A_DAY)
        assert full / 2 <= wait <= full


def test_accounts_that_fail_together_do_not_come_back_together(now):
    moments = {after_failure(account, 0, now, HALF_A_DAY) for account in range(100)}
    assert len(moments) > 80


def test_after_a_wait_they_come_one_after_the_other_and_none_too_early(now):
    until = now + timedelta(minutes=15)
    moments = [after_wait(account_id, until, now) for account_id in range(1000)]
    assert all(until <= moment < until + timedelta(minutes=15) for moment in moments)
    minutes = Counter((moment - until).total_seconds() // 60 for moment in moments)
    assert max(minutes.values()) <= 2 * 1000 / 15


def test_a_wait_is_at_least_a_minute_and_at_most_a_week(now):
    assert after_wait(1, now - timedelta(hours=1), now) >= now + timedelta(minutes=1)
    assert after_wait(1, now + timedelta(days=99), now) < now + timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    "every", sorted({platform.poll_every or HALF_A_DAY for platform in PLATFORMS.values()})
)
def test_the_busiest_minute_of_any_platforms_period_has_at_most_twice_the_mean(now, every):
    """Over a hundred thousand accounts, however their first reads were bunched."""
    accounts = 100_000
    minutes = int(every / timedelta(minutes=1))
    polls = Counter(
        int((next_regular(account, now, every) - now) / timedelta(minutes=1)) % minutes
        for account in range(accounts)
    )
    assert max(polls.values()) <= 2 * accounts / minutes
