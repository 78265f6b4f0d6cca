"""What somebody waits for never stands behind a night or long polls."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from django.db import connection

from klout import heartbeat
from klout.celery import app
from klout.up import worker_words
from klout.watching.work import COUNTS
from tests.security.databases import address_of

LONG = {
    "scoring.tasks.night_due",
    "networks.tasks.poll_accounts",
    "klout.tasks.mail_weekly_due",
    "klout.tasks.announce_due",
}


def queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


def test_whoever_leaves_exports_or_links_does_not_wait_behind_the_night() -> None:
    for task in settings.CELERY_TASK_ROUTES:
        assert queue_of(task) == "urgent"
    for task in LONG:
        assert queue_of(task) == "celery"


def test_everything_that_is_routed_or_on_the_clock_is_a_task() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled | set(settings.CELERY_TASK_ROUTES) <= set(app.tasks)
    assert set(app.tasks) >= LONG


@contextmanager
def worker(*words: str) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "klout.celery:app", *words]
    ours = {"DATABASE_URL": address_of(str(connection.settings_dict["NAME"]))}
    started = subprocess.Popen(command, env=os.environ | ours, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("heartbeats")
def test_a_worker_of_what_is_urgent_takes_that_alone_and_says_so() -> None:
    with closing(heartbeat.connection()) as redis:
        redis.delete("celery", "urgent", COUNTS, *map(heartbeat.key, heartbeat.PARTS))
        app.send_task("networks.tasks.poll_accounts", kwargs={"ids": []})
        app.send_task("scoring.tasks.mail_disputes_due")
        with worker(*worker_words("urgent"), "--pool=solo"):
            until = time.monotonic() + 60
            while not redis.hexists(COUNTS, "scoring.tasks.mail_disputes_due SUCCESS"):
                assert time.monotonic() < until, redis.hgetall(COUNTS)
                time.sleep(0.1)
            heard = [part for part in heartbeat.PARTS if redis.exists(heartbeat.key(part))]
        assert heard == ["urgent_worker"]
        assert (redis.llen("celery"), redis.llen("urgent")) == (1, 0)
        redis.delete("celery")
