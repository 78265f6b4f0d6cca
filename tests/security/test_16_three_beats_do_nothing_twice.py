"""Beat is one process, but nothing breaks where there are three, or where its clock was wrong.

That three of them double no effect under load is part of `make chaos` (tests/chaos/faults.py).
"""

from datetime import UTC, datetime, timedelta

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import schedule

from klout.celery import app
from klout.heartbeat import BeatingScheduler
from networks.models import LinkedAccount
from networks.services import claim_due
from scoring.services import night, run_night
from tests.at_once import at_once
from tests.factories import make_account


def scheduler(last_run_at: datetime, tmp_path) -> BeatingScheduler:
    made = BeatingScheduler(app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    made.setup_schedule()
    made.schedule.clear()
    made.schedule["due"] = ScheduleEntry(
        "due", "networks.tasks.poll_due", last_run_at, schedule=schedule(5, app=app), app=app
    )
    made.populate_heap()
    return made


def test_a_clock_that_was_a_day_ahead_keeps_nothing_waiting_for_a_day(tmp_path) -> None:
    now = datetime.now(UTC)
    beat = scheduler(now + timedelta(days=1), tmp_path)
    beat.forget_the_future(now)
    beat.populate_heap()
    assert beat.schedule["due"].last_run_at == now
    assert beat.schedule["due"].is_due().next <= 5
    beat.close()


def test_a_clock_that_is_right_changes_nothing(tmp_path) -> None:
    now = datetime.now(UTC)
    beat = scheduler(now - timedelta(seconds=3), tmp_path)
    heap = beat._heap
    beat.forget_the_future(now)
    assert beat._heap is heap
    beat.close()


@pytest.mark.django_db(transaction=True)
def test_three_who_ask_at_once_hand_out_everything_once(ada, now) -> None:
    for _ in range(30):
        make_account(ada, now, next_poll_at=now)
    claimed = at_once(*[lambda: claim_due(now, 30)] * 3)
    together = [account_id for ids in claimed for account_id in ids]
    assert sorted(together) == sorted(LinkedAccount.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_three_nights_at_once_are_one(ada, now) -> None:
    make_account(ada, now)
    at_once(*[lambda: run_night(now.date(), now, wait=False)] * 3)
    assert night.Night.objects.filter(on=now.date()).count() == 1
