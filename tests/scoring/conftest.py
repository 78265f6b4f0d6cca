"""An account that was heard, on a server that is known."""

from datetime import timedelta
from pathlib import Path

import pytest

from scoring.day_files import keeping, writing
from scoring.models import Contribution, Score
from tests.factories import make_account, make_reaction, make_reading


@pytest.fixture(autouse=True)
def known_example(settings):
    settings.KNOWN_HOSTS = ["known.example"]


@pytest.fixture
def make_heard(now):
    """A function that gives a member a linked account with 1,000 followers and reactions.

    It was read this night, an hour after midnight.
    """

    def make(member, days_ago=(2, 5, 40), **fields):
        account = make_account(member, now - timedelta(days=60), **fields)
        make_reading(account, now - timedelta(hours=11), followers=1000)
        for days in days_ago:
            make_reaction(account, now - timedelta(days=days))
        return account

    return make


@pytest.fixture
def heard(ada, make_heard):
    return make_heard(ada)


@pytest.fixture
def stored():
    """A function that returns everything stored of scores but ids and the time of computing."""
    leave_out = {"id", "score", "computed_at"}

    def rows():
        both = []
        for model, order in (
            (Score, ["member_id", "on"]),
            (Contribution, ["score__on", "score__member", "account_id", "handle"]),
        ):
            fields = [f.attname for f in model._meta.fields if f.name not in leave_out]
            both.append(list(model.objects.order_by(*order).values(*fields)))
        return both

    return rows


@pytest.fixture
def folder(settings):
    """A function that lists the files as paths."""
    return lambda: sorted(Path(settings.DAY_FILES).glob("*"))


@pytest.fixture
def small_parts(monkeypatch):
    """Many parts of many shards, of few rows each."""
    monkeypatch.setattr(writing, "ROWS_PER_SHARD", 2)
    monkeypatch.setattr(keeping, "ROWS_PER_PART", 3)
