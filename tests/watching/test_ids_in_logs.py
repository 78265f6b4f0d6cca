"""A line of the log says in which task it was written, and who asked for that task."""

import json
from typing import Any

import pytest
import structlog

from klout.celery import app
from klout.watching import work


@app.task(name="tests.say")
def say() -> None:
    structlog.get_logger("tests").info("said")


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture(autouse=True)
def without_redis(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def test_a_task_has_its_id_and_that_of_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    headers: dict[str, Any] = {}
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        work.say_who_asked(headers=headers)
    say.apply(task_id="t1", headers=headers)
    said, not_counted = lines_of(capsys)
    assert (said["event"], said["task"], said["task_id"]) == ("said", "tests.say", "t1")
    assert said["request_id"] == "r1"
    assert not_counted["event"] == "task not counted"


def test_the_next_task_has_nothing_of_the_one_before(capsys: pytest.CaptureFixture[str]) -> None:
    say.apply(task_id="t1", headers={work.ASKED_BY: "r1"})
    say.apply(task_id="t2")
    last = [line for line in lines_of(capsys) if line["event"] == "said"][-1]
    assert last["task_id"] == "t2"
    assert "request_id" not in last
    assert "task_id" not in structlog.contextvars.get_contextvars()
