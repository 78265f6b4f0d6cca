"""Making what was asked for: found due, made part by part, handed out, removed.

May be killed at any moment: the file gets its name only when it is whole, and the lock of the
database goes with the connection of whoever held it.
"""

import logging
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from accounts.export_models import Export, Import
from accounts.exports.archive import write_archive
from accounts.exports.writing import PartWriter, Written
from accounts.models import Member
from accounts.personal_data_contract import PersonalData, part_of, providers

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=3)
TRY_AGAIN_AFTER = timedelta(minutes=1)
TRIES = 3
# The lock of one export is this number and its id: "expo" in ASCII.
EXPORT_LOCK = int.from_bytes(b"expo", "big")


def make_due(now: datetime) -> int:
    """Make every export that waits and that nobody makes already; returns how many were made."""
    waiting = Export.objects.filter(ready_at=None, failed_at=None, next_try_at__lte=now)
    made = 0
    for export_id in list(waiting.order_by("asked_at").values_list("pk", flat=True)):
        with _mine_alone(export_id) as is_mine:
            if is_mine:
                made += _try(export_id, now)
    return made


@contextmanager
def _mine_alone(export_id: int) -> Iterator[bool]:
    """Holds a lock on this database session; PostgreSQL frees it if we die."""
    key = [EXPORT_LOCK, export_id & 0x7FFFFFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        is_mine = bool(cursor.fetchone()[0])
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _try(export_id: int, now: datetime) -> bool:
    """Make one; a failure is noted, and tried again a minute later, three times in all."""
    waiting = Export.objects.filter(pk=export_id, ready_at=None, failed_at=None)
    if not waiting.update(
        attempts=F("attempts") + 1, parts_done=[], next_try_at=now + TRY_AGAIN_AFTER
    ):
        return False
    export = Export.objects.select_related("member").get(pk=export_id)
    work = settings.EXPORT_DIR / f"work-{export.pk}"
    try:
        _forget_work(work)
        return _make(export, work, now)
    except Exception:
        logger.exception("an export failed", extra={"export": export.pk})
        if export.attempts >= TRIES:
            waiting.update(failed_at=now)
        return False
    finally:
        _forget_work(work)


def _make(export: Export, work: Path, now: datetime) -> bool:
    work.mkdir(mode=0o700, parents=True)
    files: list[Written] = []
    for provider in providers():
        files += _part(provider, export.member, work)
        export.parts_done.append(provider.name)
        _mine(export).update(parts_done=export.parts_done)
    whole = work / "whole.zip"
    size = write_archive(
        whole,
        files,
        site=settings.BASE_URL,
        name=export.member.name,
        version=settings.VERSION,
        now=now,
    )
    return _hand_out(export, whole, size, now)


def _part(provider: PersonalData, member: Member, work: Path) -> list[Written]:
    """One part, all of it as of one moment."""
    with _one_moment(), PartWriter(provider.name, work) as writer:
        return writer.write(part_of(provider, member))


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction in which every query sees the same; inside another one, that one's view."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _mine(export: Export) -> QuerySet[Export]:
    """The row while this attempt is the last one: who lost the lock changes nothing any more."""
    return Export.objects.filter(
        pk=export.pk, attempts=export.attempts, ready_at=None, failed_at=None
    )


def _hand_out(export: Export, whole: Path, size: int, now: datetime) -> bool:
    """Give the file its name and the row its end; the member's earlier files go."""
    name = f"{export.pk}-{secrets.token_hex(16)}.zip"
    place = settings.EXPORT_DIR / name
    whole.rename(place)
    handed_out = _mine(export).update(
        ready_at=now, expires_at=now + KEPT_FOR, file_name=name, size=size
    )
    if not handed_out:
        place.unlink()
        return False
    earlier = Export.objects.filter(member=export.member, pk__lt=export.pk)
    for one in earlier.exclude(file_name=""):
        remove(one)
    return True


def remove(export: Export) -> None:
    """The file first: a row without a file harms nobody, a file without a row is found by none."""
    if export.file_name:
        (settings.EXPORT_DIR / export.file_name).unlink(missing_ok=True)
    export.delete()


def remove_expired(now: datetime) -> int:
    """Remove what has expired, what failed long ago, and files that no row knows."""
    over = list(Export.objects.filter(expires_at__lte=now))
    over += Export.objects.filter(failed_at__lte=now - KEPT_FOR)
    for export in over:
        remove(export)
    _remove_stray(now)
    return len(over)


def _remove_stray(now: datetime) -> None:
    """What a crash, or a member who was deleted meanwhile, left in the folder."""
    if not settings.EXPORT_DIR.is_dir():
        return
    known = set(Export.objects.exclude(file_name="").values_list("file_name", flat=True))
    known |= set(Import.objects.exclude(file_name="").values_list("file_name", flat=True))
    known |= {
        f"work-{pk}" for pk in Export.objects.filter(ready_at=None).values_list("pk", flat=True)
    }
    for path in settings.EXPORT_DIR.iterdir():
        # Younger ones may be a moment before their row says so.
        is_old = path.stat().st_mtime < (now - timedelta(hours=1)).timestamp()
        if path.name not in known and is_old:
            _forget_work(path) if path.is_dir() else path.unlink(missing_ok=True)


def _forget_work(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
