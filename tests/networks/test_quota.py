"""One day's quota for the whole site: shared by all workers, let out by the hour."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.connectors.base import RateLimited
from networks.http import Door, OwnBudget
from networks.problems import problem
from networks.quota import Quota
from networks.services.budget import SharedBudget

CALIFORNIA = Quota("youtube", 10_000, "America/Los_Angeles")
WIDE = Quota("wide", 2_400_000, "UTC")
# Whoever spends asks first whether the platform has called the day over.
asks_the_database = pytest.mark.django_db


def test_the_day_ends_at_midnight_in_its_own_place():
    evening = datetime(2026, 11, 2, 7, 59, tzinfo=UTC)
    assert CALIFORNIA.day(evening).isoformat() == "2026-11-01"
    assert CALIFORNIA.ends_at(evening) == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    assert CALIFORNIA.day(evening + timedelta(minutes=1)).isoformat() == "2026-11-02"


@pytest.mark.parametrize(
    ("moment", "units"),
    [
        (datetime(2026, 11, 2, 8, 0, tzinfo=UTC), 416),
        (datetime(2026, 11, 2, 9, 0, tzinfo=UTC), 833),
        (datetime(2026, 11, 2, 20, 30, tzinfo=UTC), 5_416),
        (datetime(2026, 11, 3, 7, 59, tzinfo=UTC), 10_000),
        # The day on which the clocks go back has 25 hours.
        (datetime(2026, 11, 2, 7, 59, tzinfo=UTC), 10_000),
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 400),
    ],
)
def test_each_hour_lets_out_its_part(moment, units):
    assert CALIFORNIA.let_out(moment) == units


@given(st.integers(0, 366 * 86_400))
def test_more_comes_within_the_hour_and_never_more_than_the_day_has(seconds):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert 0 < CALIFORNIA.let_out(now) <= 10_000
    assert now < CALIFORNIA.next_at(now) <= now + timedelta(hours=1)
    assert CALIFORNIA.next_at(now) <= CALIFORNIA.ends_at(now)


@asks_the_database
@pytest.mark.parametrize("budget", [SharedBudget(1_000), OwnBudget()])
def test_what_is_used_up_is_refused_until_more_is_let_out(budget):
    let_out = WIDE.let_out(datetime.now(UTC))
    budget.spend(WIDE, let_out, 1.0)
    with pytest.raises(RateLimited) as caught:
        budget.spend(WIDE, 1_000_000, 1.0)
    assert caught.value.until <= datetime.now(UTC) + timedelta(hours=1)


@asks_the_database
def test_workers_share_it():
    let_out = WIDE.let_out(datetime.now(UTC))
    SharedBudget(1_000).spend(WIDE, let_out - 10, 1.0)
    with pytest.raises(RateLimited):
        SharedBudget(1_000).spend(WIDE, 200_000, 1.0)
    SharedBudget(1_000).spend(WIDE, 10, 1.0)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_spend_more_than_there_is():
    few = Quota("few", 2_400, "UTC")
    let_out = few.let_out(datetime.now(UTC))

    def spends(_: int) -> int:
        try:
            SharedBudget(1_000).spend(few, 7, 1.0)
        except RateLimited:
            return 0
        return 7

    with ThreadPoolExecutor(8) as threads:
        spent = sum(threads.map(spends, range(400)))
    assert spent <= let_out + 100  # another hour may begin meanwhile
    assert spent > 0


@asks_the_database
def test_a_first_read_leaves_half_to_the_others():
    budget, let_out = SharedBudget(1_000), WIDE.let_out(datetime.now(UTC))
    budget.spend(WIDE, let_out // 2, 0.5)
    with pytest.raises(RateLimited):
        budget.spend(WIDE, 100_000, 0.5)
    budget.spend(WIDE, let_out // 4, 1.0)


@asks_the_database
def test_a_day_that_the_platform_calls_over_is_over_for_all_until_midnight():
    until = Door(budget=SharedBudget(1_000)).is_used_up(WIDE).until
    with pytest.raises(RateLimited) as caught:
        Door(budget=SharedBudget(1_000)).spend(WIDE, 1)
    assert abs(caught.value.until - until) < timedelta(seconds=5)
    assert caught.value.code == "quota_used_up"


def test_the_card_says_what_is_used_up_and_that_nothing_has_to_be_done():
    said = problem("quota_used_up").while_reading("youtube.com")
    assert "is used up" in said
    assert "Everything read so far is kept." in said
