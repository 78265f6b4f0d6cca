"""What an operator sees of the night: when it comes, and how far it is while it runs."""

from datetime import datetime, timedelta

import pytest

from klout.admin.health import look
from scoring.models import Night
from scoring.rule import RULE_VERSION

pytestmark = pytest.mark.django_db


def told(now: datetime) -> dict[str, str]:
    return {line.what: line.how for line in look(now).night}


def test_before_the_first_night_it_says_when_that_comes(now: datetime) -> None:
    assert told(now - timedelta(hours=10))["Next night"] == "2 November 2026, 03:10 UTC"
    # It is overdue, and begins within the minute.
    assert told(now)["Next night"] == "2 November 2026, 12:00 UTC"
    assert told(now)["Last night"] == "there was none yet"


def test_a_night_that_runs_says_what_it_does_and_how_far_it_is(now: datetime) -> None:
    Night.objects.create(
        on=now.date(),
        rule=RULE_VERSION,
        cut_off_at=now,
        started_at=now - timedelta(minutes=1),
        phases={"read": {"seconds": 9, "done": 1, "of": 1}},
    )
    assert told(now)["Now"] == "reading what is new, 15 %"


def test_a_night_that_has_only_begun_says_so(now: datetime) -> None:
    Night.objects.create(on=now.date(), rule=RULE_VERSION, cut_off_at=now, started_at=now)
    assert told(now)["Now"] == "beginning, 0 %"


def test_the_phases_of_the_last_night_stand_in_their_order_and_in_words(now: datetime) -> None:
    notes = {"done": 1, "of": 1, "seconds": 1.234, "rows": 5000, "peak_mb": 300}
    Night.objects.create(
        on=now.date(),
        rule=RULE_VERSION,
        cut_off_at=now,
        started_at=now,
        finished_at=now,
        phases={"write": notes, "read": notes},
    )
    lines = look(now).night
    phases = [line for line in lines if "rows" in line.how]
    assert [line.what for line in phases] == ["reading what is new", "storing the scores"]
    assert phases[0].how == "1.2 s, 5,000 rows, at most 300 MB"
