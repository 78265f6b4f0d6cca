"""What somebody waits for never stands behind a night or long polls."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.conf import settings

from klout import heartbeat
from klout.celery import app
from klout.up import worker_words

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
def worker(*words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "celery", "-A", "klout.celery:app", *words]
    started = subprocess.Popen(
        command, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(20)


@pytest.mark.xdist_group("heartbeats")
def test_a_worker_of_what_is_urgent_takes_that_alone_and_says_so() -> None:
    with closing(heartbeat.connection()) as redis:
        redis.delete("celery", "urgent", *map(heartbeat.key, heartbeat.PARTS))
        app.send_task("networks.tasks.poll_accounts", kwargs={"ids": []})
        app.send_task("scoring.tasks.mail_disputes_due")
        with worker(*worker_words("urgent"), "--pool=solo") as started:
            assert started.stdout
            assert any("mail_disputes_due" in line and "succe" in line for line in started.stdout)
            heard = [part for part in heartbeat.PARTS if redis.exists(heartbeat.key(part))]
        assert heard == ["urgent_worker"]
        assert (redis.llen("celery"), redis.llen("urgent")) == (1, 0)
        redis.delete("celery")
