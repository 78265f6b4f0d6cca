"""The nightly recompute: everybody, once, the same however often."""

from datetime import timedelta

import pytest

from scoring.models import Contribution, Night, Score
from scoring.services import run_night
from tests.factories import make_account, make_reaction, make_reading

COLUMNS = (
    "member_id",
    "on",
    "rule",
    "hundredths",
    "low",
    "high",
    "reach",
    "cut_off_at",
    "backfilled",
    "days_of_data",
)


@pytest.fixture
def heard(ada, now):
    """Ada's account with 1,000 followers and three people who responded lately."""
    account = make_account(ada, now - timedelta(days=60), host="mastodon.social")
    make_reading(account, now - timedelta(hours=13), followers=1000)
    for days in (2, 5, 40):
        make_reaction(account, now - timedelta(days=days))
    return account


def stored():
    scores = list(Score.objects.order_by("member_id", "on").values(*COLUMNS))
    fields = [f.attname for f in Contribution._meta.fields if f.name not in ("id", "score")]
    parts = Contribution.objects.order_by("score__on", "score__member", "account")
    return scores, list(parts.values(*fields))


def test_a_night_scores_who_was_read(heard, ada, now):
    night = run_night(now.date(), now)
    score = Score.objects.get()
    assert (score.member, score.on, night.members) == (ada, now.date(), 1)
    assert score.hundredths > 3000
    part = score.contributions.get()
    assert (part.people, part.acts, part.by_weight) == (3, 3, [0, 0, 3, 0, 0])
    assert 10 + part.tenths == score.hundredths // 10


def test_a_night_run_twice_writes_the_same(heard, now):
    run_night(now.date(), now)
    first = stored()
    run_night(now.date(), now + timedelta(hours=5))
    assert stored() == first
    assert Night.objects.count() == 1
