"""A host that asked one worker to wait is left alone by all of them, whatever is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from networks.connectors.base import RateLimited
from networks.models import HostWait
from networks.services import waits
from networks.services.budget import SharedBudget
from tests.at_once import at_once

FIVE_MINUTES = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def told_to_wait(budget: SharedBudget, *hosts: str) -> datetime | None:
    try:
        budget.allow(*hosts)
    except RateLimited as error:
        return error.until
    return None


@pytest.mark.django_db
def test_what_one_was_told_all_heed():
    until = datetime.now(UTC) + FIVE_MINUTES
    SharedBudget(20).note("known.example", until)
    heard = told_to_wait(SharedBudget(20), "known.example", "known.example#token")
    assert abs(heard - until) < timedelta(seconds=5)
    assert told_to_wait(SharedBudget(20), "other.example") is None


@pytest.mark.django_db
def test_a_wait_that_is_over_is_over_and_swept_up_by_the_next():
    SharedBudget(20).note("known.example", datetime.now(UTC) - timedelta(seconds=1))
    assert told_to_wait(SharedBudget(20), "known.example") is None
    HostWait.objects.create(lane="was.example", until=datetime.now(UTC) - timedelta(seconds=1))
    assert told_to_wait(SharedBudget(20), "was.example") is None
    SharedBudget(20).note("known.example", datetime.now(UTC) + FIVE_MINUTES)
    assert HostWait.objects.get().lane == "known.example"


@pytest.mark.django_db
def test_an_emptied_cache_shortens_no_wait():
    SharedBudget(20).note("known.example", datetime.now(UTC) + FIVE_MINUTES)
    cache.clear()
    assert told_to_wait(SharedBudget(20), "known.example")


@pytest.mark.django_db
def test_the_longest_wait_stands():
    budget = SharedBudget(20)
    budget.note("known.example", datetime.now(UTC) + FIVE_MINUTES)
    budget.note("known.example", datetime.now(UTC) + timedelta(seconds=30))
    left = told_to_wait(budget, "known.example") - datetime.now(UTC)
    assert left > timedelta(minutes=4)


@pytest.mark.django_db
def test_a_worker_whose_clock_is_wrong_waits_as_long_as_all(frozen_second):
    """A day ahead it would ask at once, and what it was told would hold the others for a day."""
    SharedBudget(20).note("known.example", frozen_second(0) + FIVE_MINUTES)
    ahead = frozen_second(24 * 3600)
    assert told_to_wait(SharedBudget(20), "known.example") - ahead < FIVE_MINUTES + SECOND
    SharedBudget(20).note("other.example", ahead + FIVE_MINUTES)
    left = HostWait.objects.get(lane="other.example").until - datetime.now(UTC)
    assert left < FIVE_MINUTES + SECOND


@pytest.mark.django_db
def test_a_copy_spares_the_database(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(waits, "COPY_SECONDS", 3600)
    budget = SharedBudget(20)
    with django_assert_num_queries(1):
        for _ in range(50):
            budget.allow("known.example", "known.example#token")
    budget.note("known.example", datetime.now(UTC) + FIVE_MINUTES)
    assert told_to_wait(budget, "known.example"), "whoever was told knows it at once"


@pytest.mark.django_db(transaction=True)
def test_many_threads_note_and_ask_at_once_and_keep_no_connection():
    budgets = [SharedBudget(20) for _ in range(4)]
    until = datetime.now(UTC) + FIVE_MINUTES

    def note_and_ask(place: int) -> bool:
        connection.close()
        for number in range(25):
            budgets[place].note(f"host{(number * 7 + place) % 25}.example", until)
        budgets[place].allow("free.example")
        return connection.connection is None

    assert at_once(*[lambda p=place: note_and_ask(p) for place in range(4)]) == [True] * 4
    assert HostWait.objects.count() == 25


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

    def move(seconds: int) -> datetime:
        moments[0] += timedelta(seconds=seconds)
        return moments[0]

    return move
