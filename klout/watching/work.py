"""What the workers did, of whichever machine: counted in Redis, where all of them can add.

A Redis that was emptied begins at nothing, which those who read counters expect of a restart; one
that is away loses what is done meanwhile, never the task. Celery's own signals are where it tells
of tasks; they are no signals of our domain.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import redis
import structlog
from celery.signals import before_task_publish, task_postrun, task_prerun
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric

from klout import heartbeat, request_id

COUNTS, SECONDS = "klout:tasks:done", "klout:tasks:seconds"
PATIENCE = 0.5
ASKED_BY = "klout_request_id"

log = structlog.get_logger(__name__)
_began: dict[str, float] = {}


@before_task_publish.connect  # type: ignore[untyped-decorator]
def say_who_asked(headers: dict[str, Any], **_: object) -> None:
    """The id of the request goes along, so that its work can be found in the workers' logs."""
    if asked := request_id.current():
        headers[ASKED_BY] = asked


@task_prerun.connect  # type: ignore[untyped-decorator]
def bind_ids(task_id: str, task: Any, **_: object) -> None:
    """From here on each line of the log has the task's id and name."""
    ids = {"task_id": task_id, "task": task.name}
    # A worker has what came along as fields; where a task runs at once they stay together.
    asked = task.request.get(ASKED_BY) or (task.request.headers or {}).get(ASKED_BY)
    if asked:
        ids["request_id"] = asked
    structlog.contextvars.bind_contextvars(**ids)
    _began[task_id] = time.perf_counter()


@task_postrun.connect  # type: ignore[untyped-decorator]
def count(task_id: str, task: Any, state: str | None, **_: object) -> None:
    took = time.perf_counter() - _began.pop(task_id, time.perf_counter())
    try:
        with heartbeat.connection(PATIENCE) as client, client.pipeline(transaction=False) as pipe:
            pipe.hincrby(COUNTS, f"{task.name} {state or 'UNKNOWN'}", 1)
            pipe.hincrbyfloat(SECONDS, task.name, took)
            pipe.execute()
    except redis.RedisError as error:
        log.warning("task not counted", error=str(error))
    structlog.contextvars.unbind_contextvars("task_id", "task", "request_id")


def families(counts: Mapping[bytes, bytes], seconds: Mapping[bytes, bytes]) -> Iterator[Metric]:
    """What COUNTS and SECONDS hold, as Prometheus has it."""
    done = CounterMetricFamily(
        "klout_tasks", "Tasks that ended, by how they did.", labels=["task", "state"]
    )
    for field, number in sorted(counts.items()):
        done.add_metric(field.decode().split(" "), float(number))
    took = CounterMetricFamily("klout_task_seconds", "Time spent in tasks.", labels=["task"])
    for name, number in sorted(seconds.items()):
        took.add_metric([name.decode()], float(number))
    yield done
    yield took
