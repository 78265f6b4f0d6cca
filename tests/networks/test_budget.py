"""A host that asked one worker to wait is left alone by all of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from networks.connectors.base import RateLimited
from networks.services.budget import SharedBudget


def test_what_one_was_told_all_heed():
    until = datetime.now(UTC) + timedelta(minutes=5)
    SharedBudget(20).note("known.example", until)
    with pytest.raises(RateLimited) as raised:
        SharedBudget(20).allow("known.example")
    assert raised.value.until == until
    SharedBudget(20).allow("other.example")


def test_a_wait_that_is_over_is_over():
    SharedBudget(20).note("known.example", datetime.now(UTC) - timedelta(seconds=1))
    SharedBudget(20).allow("known.example")


def test_a_cache_that_was_emptied_stops_nobody():
    SharedBudget(20).note("known.example", datetime.now(UTC) + timedelta(minutes=5))
    cache.clear()
    SharedBudget(20).allow("known.example")


def test_a_host_gets_so_many_requests_in_a_second_and_the_rest_wait_for_the_next(frozen_second):
    budget = SharedBudget(3, unpaced={"127.0.0.1:8001"})
    turns = [budget.turn("known.example") for _ in range(5)]
    assert turns[:3] == [0.0, 0.0, 0.0]
    assert all(0 < wait <= 1 for wait in turns[3:])
    assert budget.turn("other.example") == 0.0
    assert [budget.turn("127.0.0.1:8001") for _ in range(9)] == [0.0] * 9
    frozen_second(1)
    assert budget.turn("known.example") == 0.0


@pytest.fixture
def frozen_second(monkeypatch):
    """A clock that stands until it is moved on by so many seconds."""
    moments = [datetime(2026, 11, 2, 12, 0, 0, 250_000, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moments[0]

    monkeypatch.setattr("networks.services.budget.datetime", Clock)

    def move(seconds: int) -> None:
        moments[0] += timedelta(seconds=seconds)

    return move
