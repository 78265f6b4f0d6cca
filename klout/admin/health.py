"""How the site is: what is due, what failed, what is left. A few questions, however many rows."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import redis
from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts.export_models import Export
from accounts.models import Member
from gifting.models import Report
from klout import heartbeat
from networks.budgets import budget_of, dollars, month_of
from networks.models import LinkedAccount
from networks.problems import problem
from networks.registry import PLATFORMS
from networks.spending_models import Spending
from scoring.models import Night
from scoring.phases import PHASES
from scoring.selectors import tonight
from scoring.selectors.tonight import WORDS

PATIENCE = 1.0
# A poll that is due for longer than this waits for workers that are not there.
LATE = timedelta(minutes=15)
DISK_LOW = 0.1


@dataclass(frozen=True)
class Line:
    """One thing that is so. `is_well` None: neither good nor bad."""

    what: str
    how: str
    is_well: bool | None = None


@dataclass(frozen=True)
class Failures:
    platform: str
    accounts: int
    words: str


@dataclass(frozen=True)
class Health:
    work: list[Line]
    night: list[Line]
    money: list[Line]
    place: list[Line]
    failures: list[Failures]


def look(now: datetime) -> Health:
    return Health(
        work=[*_polls(now), *_broker(), *_waiting()],
        night=[_coming(now), *_night()],
        money=_money(now),
        place=[*_disks(), _mail(), _members()],
        failures=_failures(),
    )


def _polls(now: datetime) -> list[Line]:
    due = LinkedAccount.objects.filter(
        Q(polling_until=None) | Q(polling_until__lt=now),
        state=LinkedAccount.State.ACTIVE,
        next_poll_at__lte=now,
        member__takes_part=True,
    ).aggregate(n=Count("pk"), oldest=Min("next_poll_at"))
    oldest = due["oldest"]
    waits = _("none") if oldest is None else _ago(now - oldest)
    return [
        Line(_("Polls due"), f"{due['n']:,}"),
        Line(_("Oldest of them waits"), waits, oldest is None or now - oldest < LATE),
    ]


def _ago(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return _("%d minutes") % minutes
    return _("%d hours") % (minutes // 60)


def _broker() -> list[Line]:
    try:
        with heartbeat.connection(PATIENCE) as client:
            # Kept by the broker under the name of the queue: messages that no worker has taken.
            lengths = [cast(int, client.llen(queue)) for queue in heartbeat.WORKERS]
            keys = [heartbeat.key(part) for part in heartbeat.PARTS]
            said = cast(list[Any], client.mget(keys))
    except redis.RedisError:
        return [Line(_("Queue"), _("the broker does not answer"), is_well=False)]
    heard = {True: _("lives"), False: _("not heard of for half a minute")}
    return [
        Line(_("Messages in the queue"), f"{lengths[0]:,}"),
        Line(_("Urgent messages"), f"{lengths[1]:,}"),
        *(
            Line(name, heard[bool(beat)], bool(beat))
            for name, beat in zip(
                (_("Worker"), _("Worker of what is urgent"), _("Clock (beat)")), said, strict=True
            )
        ),
    ]


def _waiting() -> list[Line]:
    exports = Export.objects.aggregate(
        waiting=Count("pk", filter=Q(ready_at=None, failed_at=None)),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
    )
    reports = Report.objects.filter(decision=None).count()
    return [
        Line(_("Exports being made"), f"{exports['waiting']:,}"),
        Line(_("Exports that failed"), f"{exports['failed']:,}", not exports["failed"]),
        Line(_("Reports to decide"), f"{reports:,}", not reports),
    ]


def _coming(now: datetime) -> Line:
    """How far the night is that runs, else when the next one begins."""
    coming = tonight(now)
    if coming.is_running:
        # Its first phase is noted some seconds after it began.
        told = {"doing": coming.doing or _("beginning"), "share": coming.per_cent}
        return Line(_("Now"), _("%(doing)s, %(share)d %%") % told)
    return Line(_("Next night"), date_format(timezone.localtime(coming.at), "DATETIME_FORMAT"))


def _night() -> list[Line]:
    night = Night.objects.order_by("-on", "-pk").first()
    if night is None:
        return [Line(_("Last night"), _("there was none yet"))]
    state = _("under way or broken off") if night.finished_at is None else _("finished")
    told = [
        Line(_("Last night"), f"{night.on}, {night.rule}: {state}", night.finished_at is not None),
        Line(_("Members scored"), f"{night.members:,}"),
    ]
    told += [
        Line(str(WORDS[name]), _phase(night.phases[name]))
        for name in PHASES
        if name in night.phases
    ]
    if night.problem:
        told.append(Line(_("Problem"), night.problem, is_well=False))
    return told


def _phase(noted: dict[str, float]) -> str:
    """How long it took, of how many rows, in how much memory; how far it is before it has ended."""
    if "seconds" not in noted:
        return _("%(done)d of %(of)d steps") % noted
    return _("%(seconds)s s, %(rows)s rows, at most %(memory)s MB") % {
        "seconds": number_format(noted["seconds"], 1),
        "rows": number_format(noted.get("rows", 0), force_grouping=True),
        "memory": number_format(noted.get("peak_mb", 0), force_grouping=True),
    }


def _money(now: datetime) -> list[Line]:
    month = month_of(now)
    rows = Spending.objects.filter(month=month, spender=None)
    spent = {row.platform: row for row in rows}
    told = []
    for key, platform in PLATFORMS.items():
        budget = budget_of(key)
        if budget is None or not budget.per_month:
            continue
        row = spent.get(key)
        gone = row.spent + row.reserved if row else 0
        words = _("%(spent)s of %(budget)s this month") % {
            "spent": dollars(gone),
            "budget": dollars(budget.per_month),
        }
        told.append(Line(platform.label, words, gone < budget.per_month))
    return told


def _failures() -> list[Failures]:
    rows = (
        LinkedAccount.objects.filter(failures__gt=0)
        .exclude(last_problem="")
        .values("platform", "last_problem")
        .annotate(n=Count("pk"))
        .order_by("-n", "platform", "last_problem")[:30]
    )
    return [
        Failures(
            _label(row["platform"]),
            row["n"],
            problem(row["last_problem"]).what.format(host=_("the server")),
        )
        for row in rows
    ]


def _label(platform: str) -> str:
    found = PLATFORMS.get(platform)
    return found.label if found else platform


def _disks() -> list[Line]:
    return [
        _disk(_("Disk of the data"), settings.DATA_DIR),
        _disk(_("Disk of the exports"), settings.EXPORT_DIR),
    ]


def _disk(what: str, folder: Path) -> Line:
    there = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
    if there is None:
        return Line(what, _("the folder is not there"), is_well=False)
    usage = shutil.disk_usage(there)
    words = _("%(free).1f of %(all).1f GB free") % {
        "free": usage.free / 1e9,
        "all": usage.total / 1e9,
    }
    return Line(what, words, usage.free > DISK_LOW * usage.total)


def _mail() -> Line:
    if not settings.MAIL_IS_CONFIGURED:
        kept = _("no server is set up; mail is kept on this machine")
        return Line(_("Mail"), kept, is_well=False)
    return Line(_("Mail"), _("by %s") % settings.EMAIL_HOST)


def _members() -> Line:
    counts = Member.objects.aggregate(
        n=Count("pk"), suspended=Count("pk", filter=Q(is_active=False))
    )
    words = _("%(n)d, of them %(suspended)d suspended") % counts
    return Line(_("Members"), words)
