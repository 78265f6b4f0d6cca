"""How many requests were answered, how, and in which time: of all web processes of this machine.

Each gunicorn worker writes into files of its own in PROMETHEUS_MULTIPROC_DIR, which
`prometheus_client` adds up when it is asked. A worker that ends leaves its files behind; they are
folded into one, or a machine that starts a new worker every few minutes would fill its disk.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
KINDS = ("counter", "histogram")
# Whoever reads the files, and whoever folds them, does so alone.
LOCK = "lock"
# Stands where a process's id does in the name of a file.
GONE = "gone"
NO_ROUTE = "none"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

# Twice as many series for when each began, which nobody asks.
disable_created_metrics()

answered = Counter(
    "klout_http_answers", "Requests that were answered.", ["route", "method", "status"]
)
took = Histogram(
    "klout_http_answer_seconds", "How long an answer took.", ["route"], buckets=SECONDS
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class CountAnswers:
    """Counts by the name of the route, never by the address: that may hold who is asked about."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        route = _route(request)
        # A method is a visitor's word: what is no method of HTTP must not make a series.
        method = request.method if request.method in METHODS else "OTHER"
        answered.labels(route, method, str(response.status_code)).inc()
        took.labels(route).observe(time.perf_counter() - began)
        return response


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name or NO_ROUTE if match else NO_ROUTE


@contextmanager
def of_this_machine() -> Iterator[CollectorRegistry]:
    """The counts of all web processes here; of this process alone where nobody set a folder."""
    folder = os.environ.get(FOLDER)
    if not folder:
        yield REGISTRY
        return
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)
    with _alone(Path(folder)):
        yield registry


def fold(folder: Path, pid: int) -> None:
    """Adds what the ended process `pid` counted to what all that are gone did."""
    with _alone(folder):
        for kind in KINDS:
            left = folder / f"{kind}_{pid}.db"
            if left.exists():
                _add(left, folder / f"{kind}_{GONE}.db")
                left.unlink()


def _add(left: Path, to: Path) -> None:
    kept = MmapedDict(str(to))
    try:
        for key, value, at, _ in MmapedDict.read_all_values_from_file(str(left)):
            before, _ = kept.read_value(key)
            kept.write_value(key, before + value, at)
    finally:
        kept.close()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
