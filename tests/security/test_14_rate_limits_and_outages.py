"""Threat 14: a platform asks us to wait, or is away, and we go on asking.

Figure: no request inside a Retry-After, and no herd after an outage. Each platform's own way of
asking is in tests/networks/edge/test_door.py; a day of a thousand accounts at once is here, over
one budget that all workers share.
"""

import random
from datetime import timedelta

import pytest
from django.core.cache import cache

from networks.connectors.base import RateLimited
from networks.http import Door
from networks.services.budget import SharedBudget
from tests.networks.edge.servers import Server, reply
from tests.security.proofs import stands


@pytest.mark.django_db
def test_whoever_was_told_to_wait_asks_nothing_more_and_neither_do_the_others(serve, now) -> None:
    """Twenty workers, one host: the first 429 holds for all of them, whoever they read for."""
    server: Server = serve(reply(status="429 Too Many", Retry_After="3600"))
    hosts = frozenset({server.authority})
    workers = [Door(hosts, deadline=2, budget=SharedBudget(1_000)) for _ in range(20)]
    chance = random.Random(2026)
    for number in range(200):
        with pytest.raises(RateLimited) as caught:
            chance.choice(workers).get(server.url(), token=f"token-{chance.randrange(50)}")
        assert caught.value.until - now > timedelta(minutes=1)
        if number == 100:
            # As after FLUSHALL, or a Valkey that lost what it had not yet written.
            cache.clear()
    assert server.hits == 1


def test_the_rest_is_proved_where_it_belongs() -> None:
    stands(
        "tests/networks/edge/test_door.py",
        "test_every_form_of_asking_us_to_wait_is_understood",
        "test_a_host_that_asked_us_to_wait_is_not_asked_again",
    )
    stands(
        "tests/networks/test_schedule.py",
        "test_each_failure_waits_about_twice_as_long_up_to_the_period",
        "test_accounts_that_fail_together_do_not_come_back_together",
        "test_after_a_wait_they_come_one_after_the_other_and_none_too_early",
    )
    stands(
        "tests/networks/test_budget.py",
        "test_what_one_was_told_all_heed",
        "test_an_emptied_cache_shortens_no_wait",
        "test_a_worker_whose_clock_is_wrong_waits_as_long_as_all",
        "test_a_host_gets_so_many_requests_in_a_second_and_the_rest_wait_for_the_next",
    )
    stands("tests/networks/test_quota.py", "test_many_at_once_never_spend_more_than_there_is")
