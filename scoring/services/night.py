"""The nightly recompute of everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection

from scoring.inputs import Wanted
from scoring.models import Night
from scoring.phases import Look, Notes, Phases, nobody_looks
from scoring.rule import RULE_VERSION
from scoring.services.compute import Computed, computed
from scoring.services.store import store
from scoring.services.workplace import kept_workplace
from scoring.versions import computed_on

# One name for the lock that lets one night run at a time: "night" in ASCII.
NIGHT_LOCK = int.from_bytes(b"night", "big")
TRY_AGAIN_AFTER = timedelta(minutes=10)
# What is recorded up to the cut-off must have been committed when the night reads it, or a rerun
# would see more than the first run did.
SETTLES_WITHIN = timedelta(minutes=1)


def night_is_due(now: datetime) -> bool:
    """Once a day after NIGHT_AT; one that failed is tried again, one that was killed at once."""
    now = now.astimezone(UTC)
    if now.time() < settings.NIGHT_AT:
        return False
    night = Night.objects.filter(on=now.date(), rule=RULE_VERSION).first()
    if night is None:
        return True
    is_resting = bool(night.problem) and now - night.started_at < TRY_AGAIN_AFTER
    return night.finished_at is None and not is_resting


def run_night(
    on: date, now: datetime, *, wait: bool = True, look: Look = nobody_looks
) -> Night | None:
    """Compute and store everybody's score for midnight UTC at which `on` begins.

    A rerun takes the cut-off of the first run and so writes the same. One that was killed is
    taken up where it stopped. Of two at once, one waits; without `wait` it returns None instead.
    `look` is called with what is noted of the phases whenever something is new.
    """
    with _one_at_a_time(wait=wait) as is_mine:
        if not is_mine:
            return None
        night, _ = Night.objects.get_or_create(
            on=on,
            rule=RULE_VERSION,
            defaults={"cut_off_at": now - SETTLES_WITHIN, "started_at": now},
        )
        Night.objects.filter(pk=night.pk).update(started_at=now, phases={})
        try:
            _run(night, now, look)
        except Exception as error:
            Night.objects.filter(pk=night.pk).update(problem=f"{type(error).__name__}: {error}")
            raise
        night.refresh_from_db()
        return night


def _run(night: Night, now: datetime, look: Look) -> None:
    wanted = Wanted([night.on], night.cut_off_at, from_files=True)
    phases = Phases(partial(_show, night, look))
    with (
        kept_workplace(settings.NIGHT_WORK, _about(night)) as place,
        computed(wanted, place, phases) as done,
    ):
        store(
            done,
            cut_off_at=night.cut_off_at,
            now=now,
            with_it=partial(_finish, night, done, now),
        )


def _about(night: Night) -> dict[str, str]:
    """Who may take up what a killed night left: the same night by the same rules."""
    return {
        "night": f"{night.pk} of {night.on}",
        "cut_off_at": night.cut_off_at.isoformat(),
        "rules": " ".join(version.name for version in computed_on(night.on)),
    }


def _show(night: Night, look: Look, noted: dict[str, Notes]) -> None:
    """Seen at once by others but for the last phase, which is part of the transaction."""
    Night.objects.filter(pk=night.pk).update(phases=noted)
    look(noted)


def _finish(night: Night, done: Computed, now: datetime) -> None:
    problems = list(done.notes)
    if done.set_aside:
        problems.append(
            f"{len(done.set_aside)} set aside with data in disorder; the rest is scored."
        )
    Night.objects.filter(pk=night.pk).update(
        # The clock was read once; how long it took is measured.
        finished_at=now + timedelta(seconds=done.phases.seconds),
        members=done.scores,
        accounts=done.accounts,
        phases=done.phases.noted,
        set_aside=done.set_aside,
        problem=" ".join(problems),
    )


@contextmanager
def _one_at_a_time(*, wait: bool) -> Iterator[bool]:
    """Holds the lock of the night on this database session; PostgreSQL frees it if we die."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [NIGHT_LOCK])
            is_mine = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [NIGHT_LOCK])
            is_mine = cursor.fetchone()[0]
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [NIGHT_LOCK])
