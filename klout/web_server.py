"""How gunicorn runs, here and in containers; addresses and workers come from the command line."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from klout.logs import logging_settings

# Before anything of `prometheus_client` is imported: it looks where to count only then.
COUNTS = Path(tempfile.mkdtemp(prefix="klout-counts-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(COUNTS)


def forget_the_counts(started_here: int) -> None:
    """At the end of the process that began; its workers leave through the same door."""
    if os.getpid() == started_here:
        shutil.rmtree(COUNTS, ignore_errors=True)


atexit.register(forget_the_counts, os.getpid())

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 8
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
accesslog = "-"
# The path without its query, and no Referer: both may hold codes and tokens.
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms request_id=%({x-request-id}o)s"
logconfig_dict = logging_settings()


def child_exit(_server: Any, worker: Any) -> None:
    """What a worker counted outlives it."""
    from klout.watching.answers import fold

    fold(COUNTS, worker.pid)
