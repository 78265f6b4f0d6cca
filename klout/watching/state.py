"""What is due, what failed, what is left, asked of the database and the broker at each scrape.

The state belongs to the site, not to a process: whichever machine is asked says the same. A part
that does not answer leaves its figures out, and `klout_up` says which.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import redis
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from accounts.export_models import Export
from accounts.models import Member
from gifting.models import Report
from klout import heartbeat
from klout.watching import work
from networks.budgets import budget_of, month_of
from networks.models import LinkedAccount
from networks.registry import PLATFORMS
from networks.spending_models import Spending
from scoring.models import Night

PATIENCE = 1.0
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class StateOfTheSite(Collector):
    """`now`: the moment that ages are told from."""

    now: datetime

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("klout_build", "The version that runs.", labels=["version"])
        build.add_metric([settings.VERSION], 1)
        yield build
        up = GaugeMetricFamily("klout_up", "1: the part answers.", labels=["part"])
        for part, figures, problem in (
            ("database", self._of_the_database, DatabaseError),
            ("broker", self._of_the_broker, redis.RedisError),
        ):
            try:
                told = list(figures())
            except problem:
                up.add_metric([part], 0)
            else:
                up.add_metric([part], 1)
                yield from told
        yield up
        yield from _disks()

    def _of_the_database(self) -> Iterator[Metric]:
        yield from _accounts(self.now)
        yield from _failures()
        yield from _nights(self.now)
        yield from _money(self.now)
        yield from _people()

    def _of_the_broker(self) -> Iterator[Metric]:
        with heartbeat.connection(PATIENCE) as client:
            waiting = {queue: cast(int, client.llen(queue)) for queue in heartbeat.WORKERS}
            keys = [heartbeat.key(part) for part in heartbeat.PARTS]
            heard = cast(list[bytes | None], client.mget(keys))
            counts = cast(dict[bytes, bytes], client.hgetall(work.COUNTS))
            seconds = cast(dict[bytes, bytes], client.hgetall(work.SECONDS))
        yield _by("klout_queue_messages", "Messages that no worker has taken.", "queue", waiting)
        lives = {
            part: float(beat is not None) for part, beat in zip(heartbeat.PARTS, heard, strict=True)
        }
        yield _by("klout_alive", "1: heard of within half a minute.", "process", lives)
        yield from work.families(counts, seconds)


def _by(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for one, value in values.items():
        family.add_metric([one], value)
    return family


def _accounts(now: datetime) -> Iterator[Metric]:
    """One question for all platforms; a platform that nobody linked says nothing."""
    is_due = Q(
        Q(polling_until=None) | Q(polling_until__lt=now),
        state=LinkedAccount.State.ACTIVE,
        next_poll_at__lte=now,
        member__takes_part=True,
    )
    rows = LinkedAccount.objects.values("platform").annotate(
        linked=Count("pk"),
        due=Count("pk", filter=is_due),
        oldest=Min("next_poll_at", filter=is_due),
        read=Count("pk", filter=Q(last_read_at__gt=now - HOUR)),
    )
    told = {row["platform"]: row for row in rows}
    yield _of(told, "linked", "klout_accounts", "Accounts that are linked.")
    yield _of(told, "due", "klout_polls_due", "Polls that are due and under no lease.")
    yield _of(told, "read", "klout_accounts_read_last_hour", "Accounts well read within the hour.")
    waits = {
        key: (now - row["oldest"]).total_seconds() if row["oldest"] else 0.0
        for key, row in told.items()
    }
    yield _by("klout_oldest_poll_seconds", "For how long the oldest is due.", "platform", waits)


def _of(rows: Mapping[str, Any], field: str, name: str, what: str) -> Metric:
    return _by(name, what, "platform", {key: row[field] for key, row in rows.items()})


def _failures() -> Iterator[Metric]:
    rows = (
        LinkedAccount.objects.filter(failures__gt=0)
        .exclude(last_problem="")
        .values_list("platform", "last_problem")
        .annotate(n=Count("pk"))
        .order_by("platform", "last_problem")
    )
    family = GaugeMetricFamily(
        "klout_accounts_failing",
        "Accounts whose last poll failed, by why.",
        labels=["platform", "problem"],
    )
    for platform, code, number in rows:
        family.add_metric([platform, code], number)
    yield family


def _nights(now: datetime) -> Iterator[Metric]:
    """Of the last night that ended; nothing before the first."""
    last = Night.objects.filter(finished_at__isnull=False).order_by("finished_at").last()
    open_nights = Night.objects.filter(finished_at=None).count()
    yield GaugeMetricFamily(
        "klout_nights_open", "Nights that are under way or broken off.", value=open_nights
    )
    if last is None or last.finished_at is None:
        return
    figures = (
        ("klout_night_age_seconds", "Since it ended.", now - last.finished_at),
        ("klout_night_seconds", "How long it took.", last.finished_at - last.started_at),
    )
    for name, what, span in figures:
        yield GaugeMetricFamily(name, what, value=span.total_seconds())
    yield GaugeMetricFamily("klout_night_members", "Members it scored.", value=last.members)
    yield GaugeMetricFamily(
        "klout_night_set_aside", "Members it set aside for bad data.", value=len(last.set_aside)
    )
    phases = {name: notes["seconds"] for name, notes in last.phases.items() if "seconds" in notes}
    yield _by("klout_night_phase_seconds", "How long each phase took.", "phase", phases)


def _money(now: datetime) -> Iterator[Metric]:
    rows = Spending.objects.filter(month=month_of(now), spender=None)
    spent = {row.platform: (row.spent + row.reserved) / 1e6 for row in rows}
    budgets = {key: budget_of(key) for key in PLATFORMS}
    limits = {key: budget.per_month / 1e6 for key, budget in budgets.items() if budget}
    what = "Spent or set aside this month."
    yield _by("klout_spent_dollars", what, "platform", {key: spent.get(key, 0) for key in limits})
    yield _by("klout_budget_dollars", "What may be spent in a month.", "platform", limits)


def _people() -> Iterator[Metric]:
    members = Member.objects.aggregate(
        all=Count("pk"), active=Count("pk", filter=Q(takes_part=True))
    )
    exports = Export.objects.aggregate(
        waiting=Count("pk", filter=Q(ready_at=None, failed_at=None)),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
    )
    reports = Report.objects.filter(decision=None).count()
    yield GaugeMetricFamily("klout_members", "Members.", value=members["all"])
    yield GaugeMetricFamily(
        "klout_members_active", "Neither paused, suspended nor leaving.", value=members["active"]
    )
    yield _by("klout_exports", "Exports by their state.", "state", exports)
    yield GaugeMetricFamily("klout_reports_open", "Reports to decide.", value=reports)


def _disks() -> Iterator[Metric]:
    free = {}
    for name, folder in (("data", settings.DATA_DIR), ("exports", settings.EXPORT_DIR)):
        there = next((one for one in (folder, *Path(folder).parents) if Path(one).is_dir()), None)
        if there is not None:
            usage = shutil.disk_usage(there)
            free[name] = usage.free / usage.total
    yield _by("klout_disk_free_ratio", "Which part of the disk is free.", "disk", free)
