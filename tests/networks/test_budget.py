"""A host that asked one worker to wait is left alone by all of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from networks.connectors.base import RateLimited
from networks.services.budget import SharedBudget


def test_what_one_was_told_all_heed():
    until = datetime.now(UTC) + timedelta(minutes=5)
    SharedBudget().note("known.example", until)
    with pytest.raises(RateLimited) as raised:
        SharedBudget().allow("known.example")
    assert raised.value.until == until
    SharedBudget().allow("other.example")


def test_a_wait_that_is_over_is_over():
    SharedBudget().note("known.example", datetime.now(UTC) - timedelta(seconds=1))
    SharedBudget().allow("known.example")


def test_a_cache_that_was_emptied_stops_nobody():
    SharedBudget().note("known.example", datetime.now(UTC) + timedelta(minutes=5))
    cache.clear()
    SharedBudget().allow("known.example")
