"""The Celery application; what runs when is CELERY_BEAT_SCHEDULE in the settings."""

import gc
import logging.config
import os

from celery import Celery
from celery.signals import setup_logging, worker_before_create_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klout.settings")

app = Celery("klout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def use_our_logs(**_: object) -> None:
    """Celery asks here instead of setting up its own; the settings are the one place."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_before_create_process.connect  # type: ignore[untyped-decorator]
def share_what_is_loaded(**_: object) -> None:
    """What is loaded by now stays shared with the processes that are forked.

    Else the first whole collection in each of them writes into every object there is, and so
    copies the memory of all.
    """
    gc.collect()
    gc.freeze()


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]
def watch_the_work(**_: object) -> None:
    """Counts tasks, puts their ids into the logs, starts traces and the collecting of faults."""
    from klout.watching import beginning

    beginning.of_work()


@app.on_after_configure.connect  # type: ignore[untyped-decorator]
def give_the_worker_a_heart(sender: Celery, **_: object) -> None:
    from klout.heartbeat import WorkerHeart

    sender.steps["worker"].add(WorkerHeart)
