"""All parts of the day files: the next one, those that changed or broke, those nobody needs.

Everything here runs under one lock, so that nobody reads what another clears away. Each step
leaves files that are whole; whatever was not reached is found again by the next run.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from scoring.day_files.folder import Folder, digest_of
from scoring.day_files.held import ALL_HELD, BEGINNING, EPOCH, Stretch
from scoring.day_files.manifest import DataFile, Manifest, NoManifest, from_json
from scoring.day_files.writing import Writer, writer
from scoring.file_models import DayFile, DayFileChange
from scoring.rule import LEFT_OUT_AFTER_DAYS, WINDOW_DAYS

logger = logging.getLogger(__name__)

# One name for the lock of everybody who writes or reads: "files" in ASCII.
FILES_LOCK = int.from_bytes(b"files", "big")
# Nights up to this many days before the last are scored again from the files; older ones from
# PostgreSQL alone.
RERUN_DAYS = 7
KEPT_DAYS = WINDOW_DAYS + LEFT_OUT_AFTER_DAYS + RERUN_DAYS
# A transaction may commit what it recorded before the last cut-off only after that part was
# written: parts of the last days are counted again. No transaction lasts that long.
COUNTED_AGAIN = timedelta(days=2)
# When many days are written at once, days are put together up to so many rows.
ROWS_PER_PART = 1_000_000
A_DAY = timedelta(days=1)


class FilesBusy(Exception):
    """Somebody else reads or writes the day files."""


@dataclass
class Part:
    """A row of the list and what its manifest says; None: it must be written anew."""

    row: DayFile
    manifest: Manifest | None

    @property
    def stretch(self) -> Stretch:
        row = self.row
        return Stretch(row.after, row.upto, happened_from(row.upto))


@dataclass
class Keeper:
    """Who holds the lock. `notes` are sentences about what was not as it should be.

    `fetches`: files of another machine are copied to this one, where they are looked through and
    read; without it only their sizes are looked at.
    """

    folder: Folder
    writer: Writer
    fetches: bool = False
    notes: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def bring_up_to(self, moment: datetime) -> None:
        """Have all that was recorded up to `moment` in whole files, as PostgreSQL has it now."""
        self._look()
        if not self.parts:
            logger.info("there are no day files yet: all of them are written now")
        self._write_changed()
        self._mend(self._broken() | self._miscounted())
        after = self.parts[-1].row.upto if self.parts else BEGINNING
        for stretch in stretches(after, moment):
            self._add(stretch)
        self._retire()
        self._clear()

    def write_changed(self) -> int:
        """Write anew what changed; returns how many changes there were."""
        self._look()
        changes = self._write_changed()
        self._clear()
        return changes

    def look(self) -> list[Part]:
        """The parts as they are, without a change to any."""
        self._look()
        return self.parts

    def rebuild(self, moment: datetime) -> None:
        """Write all of it anew up to `moment`, then let it count in place of the old."""
        changes = list(DayFileChange.objects.values_list("pk", flat=True))
        made = [(one, self.writer.write(one)) for one in stretches(BEGINNING, moment)]
        with transaction.atomic():
            DayFile.objects.all().delete()
            for stretch, name in made:
                DayFile.objects.create(after=stretch.after, upto=stretch.upto, manifest=name)
            DayFileChange.objects.filter(pk__in=changes).delete()
        self._look()
        self._clear()

    def _look(self) -> None:
        """Read the list and the manifests. A list with holes is none."""
        rows = list(DayFile.objects.order_by("upto"))
        if any(row.after != before.upto for before, row in pairwise(rows)):
            self._note("The list of the day files has a hole: all of them are written anew.")
            DayFile.objects.all().delete()
            rows = []
        self.parts = [Part(row, self._manifest(row)) for row in rows]

    def _manifest(self, row: DayFile) -> Manifest | None:
        try:
            manifest = from_json(self.folder.read(row.manifest))
        except (OSError, NoManifest):
            return None
        is_its = (manifest.stretch.after, manifest.stretch.upto) == (row.after, row.upto)
        return manifest if is_its else None

    def _write_changed(self) -> int:
        """Changes are read before the rows, so one that comes meanwhile is left for the next."""
        changes = list(DayFileChange.objects.all())
        for part in self.parts:
            accounts = {one.account_id for one in changes if _touches(one, part.row)}
            if accounts and part.manifest and not self._is_late(part):
                self._replace(part, self.writer.rewrite(part.manifest, accounts))
            elif accounts:
                # All of it, with the number of rows that it is held against.
                self._replace(part, self.writer.write(part.stretch))
        DayFileChange.objects.filter(pk__in=[one.pk for one in changes]).delete()
        return len(changes)

    def _broken(self) -> set[datetime]:
        """Parts of which a file is missing or not what it was."""
        broken = set()
        for part in self.parts:
            if part.manifest is None or not self._is_whole(part.manifest):
                broken.add(part.row.upto)
                self._note(
                    f"The day files up to {part.row.upto:%Y-%m-%d %H:%M} UTC were missing or "
                    "damaged, and are written anew from PostgreSQL."
                )
        return broken

    def _is_whole(self, manifest: Manifest) -> bool:
        return all(self.is_as_written(file) for file in manifest.files())

    def is_as_written(self, file: DataFile) -> bool:
        """Whether a file is there, to the byte."""
        try:
            if not self.folder.is_local and not self.fetches:
                return self.folder.size(file.name) == file.size
            with self.place_of(file).open("rb") as content:
                return digest_of(content) == file.digest
        except OSError:
            return False

    def place_of(self, file: DataFile) -> Path:
        """Where a file is on this machine; one of another is copied first, once."""
        if self.folder.is_local:
            return Path(self.folder.url(file.name))
        place = self.writer.work / file.name
        if not place.exists():
            self.folder.fetch(file.name, place)
        return place

    def _miscounted(self) -> set[datetime]:
        """Parts of the last days of which PostgreSQL has more or fewer rows by now."""
        lately = [part for part in self.parts if self._is_late(part) and part.manifest]
        return {part.row.upto for part in lately if self._has_late_rows(part)}

    def _is_late(self, part: Part) -> bool:
        return part.row.upto > self.parts[-1].row.upto - COUNTED_AGAIN

    def _has_late_rows(self, part: Part) -> bool:
        values = part.stretch.values()
        with connection.cursor() as cursor:
            for held in ALL_HELD:
                cursor.execute(held.there_sql(), values)
                if part.manifest and cursor.fetchone()[0] != part.manifest.tables[held.name].there:
                    return True
        return False

    def _mend(self, which: set[datetime]) -> None:
        for part in self.parts:
            if part.row.upto in which:
                self._replace(part, self.writer.write(part.stretch))

    def _replace(self, part: Part, manifest: str) -> None:
        part.row.manifest = manifest
        part.row.save(update_fields=["manifest"])
        part.manifest = self._manifest(part.row)

    def _add(self, stretch: Stretch) -> None:
        name = self.writer.write(stretch)
        row = DayFile.objects.create(after=stretch.after, upto=stretch.upto, manifest=name)
        self.parts.append(Part(row, self._manifest(row)))

    def _retire(self) -> None:
        """Parts of which no night to come needs a row are forgotten, oldest first."""
        if not self.parts:
            return
        needed_from = (happened_from(self.parts[-1].row.upto) - EPOCH).days
        while not self._is_late(self.parts[0]):
            manifest = self.parts[0].manifest
            last = manifest.last_day() if manifest else None
            if last is not None and last >= needed_from:
                return
            self.parts.pop(0).row.delete()

    def _clear(self) -> None:
        """Remove from the folder what no part that counts is made of."""
        wanted = {part.row.manifest for part in self.parts}
        for part in self.parts:
            if part.manifest:
                wanted |= {file.name for file in part.manifest.files()}
        self.folder.remove(self.folder.names() - wanted)

    def _note(self, sentence: str) -> None:
        logger.warning(sentence)
        self.notes.append(sentence)


@contextmanager
def keeper(*, wait: bool = True, fetches: bool = False) -> Iterator[Keeper]:
    """Holds the lock on this database session; PostgreSQL frees it if we die. Raises FilesBusy.

    FilesBusy only without `wait`. OSError, ImportError: the folder cannot be used.
    """
    with _lock(wait=wait):
        folder = Folder(settings.DAY_FILES)
        with writer(folder) as one:
            yield Keeper(folder, one, fetches)


@contextmanager
def _lock(*, wait: bool) -> Iterator[None]:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [FILES_LOCK])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [FILES_LOCK])
            if not cursor.fetchone()[0]:
                raise FilesBusy
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [FILES_LOCK])


def rewrite_changed() -> int:
    """Write anew what changed since, unless somebody is at the files; how many changes there were.

    They stay listed until their files are written, so a kill at any point loses none.
    """
    if not DayFileChange.objects.exists():
        return 0
    try:
        with keeper(wait=False) as one:
            return one.write_changed()
    except FilesBusy:
        return 0


def happened_from(upto: datetime) -> date:
    """The first day of which a part up to `upto` holds what happened."""
    return upto.astimezone(UTC).date() - timedelta(days=KEPT_DAYS)


def stretches(after: datetime, upto: datetime) -> list[Stretch]:
    """The parts in which all of a time is written: one for a night, more for many rows and days.

    They end at midnight UTC, the last at `upto`.
    """
    if upto <= after:
        return []
    ends = [upto]
    if upto - after > 2 * A_DAY:
        ends = [*_ends(_rows_by_day(after, upto), upto), upto]
    return [
        Stretch(begin, end, happened_from(end))
        for begin, end in zip([after, *ends], ends, strict=False)
    ]


def _ends(rows: dict[date, int], upto: datetime) -> Iterable[datetime]:
    together = 0
    for day in sorted(rows):
        midnight = datetime.combine(day + A_DAY, time(), UTC)
        together += rows[day]
        if together >= ROWS_PER_PART and midnight < upto:
            yield midnight
            together = 0


def _rows_by_day(after: datetime, upto: datetime) -> dict[date, int]:
    rows: dict[date, int] = {}
    values = Stretch(after, upto, EPOCH).values()
    with connection.cursor() as cursor:
        for held in ALL_HELD:
            cursor.execute(held.by_day_sql(), values)
            for day, number in cursor.fetchall():
                rows[day] = rows.get(day, 0) + number
    return rows


def _touches(change: DayFileChange, row: DayFile) -> bool:
    if change.recorded_on is None:
        return True
    begins = datetime.combine(change.recorded_on, time(), UTC)
    return begins <= row.upto and row.after < begins + A_DAY
