"""One part of the day files, from PostgreSQL to files: a COPY for each table, then one sort.

A file of text on this disk lies between the two, so memory is bounded whatever the part holds.
"""

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.db import connection

from scoring.day_files.folder import Folder, digest_of
from scoring.day_files.held import ALL_HELD, Held, Stretch
from scoring.day_files.manifest import DataFile, Days, Manifest, Table, to_json
from scoring.engines.duck import DuckEngine, duck_engine

# So that a shard is sorted, or written anew, within a second or two. Powers of two: a coarser
# division is always whole shards of a finer one.
ROWS_PER_SHARD = 2_000_000
SHARDS_AT_MOST = 64


class Writer:
    """Writes parts into a folder; nothing counts until a row of `DayFile` says so."""

    def __init__(self, folder: Folder, work: Path, engine: DuckEngine) -> None:
        self.folder, self.work, self._engine = folder, work, engine

    def write(self, stretch: Stretch) -> str:
        """All of a stretch as PostgreSQL has it now; the name of the manifest."""
        stem = f"{stretch.upto:%Y%m%dT%H%M%S}-{token_hex(6)}"
        tables = {held.name: self._table(held, stretch, stem) for held in ALL_HELD}
        return self._seal(Manifest(stretch, tables), stem)

    def rewrite(self, old: Manifest, accounts: Collection[int]) -> str:
        """The shards of these accounts anew, the others as they are; the name of the manifest."""
        stem = f"{old.stretch.upto:%Y%m%dT%H%M%S}-{token_hex(6)}"
        tables = {}
        for held in ALL_HELD:
            table = old.tables[held.name]
            which = sorted({account % table.shards for account in accounts})
            self._copy(held, old.stretch, table.shards, which)
            kept = [file for file in table.files if file.shard not in which]
            new = self._files(held, stem, table.shards, which)
            tables[held.name] = replace(table, files=(*kept, *new))
        return self._seal(Manifest(old.stretch, tables), stem)

    def sums_of(self, held: Held, places: list[str]) -> Days:
        """What is in files on this machine."""
        self._engine.take_files("looked_at", places, held.schema)
        return self._days(held, "FROM looked_at")

    def _seal(self, manifest: Manifest, stem: str) -> str:
        name = f"{stem}.json"
        self.folder.write(name, to_json(manifest))
        return name

    def _table(self, held: Held, stretch: Stretch, stem: str) -> Table:
        with connection.cursor() as cursor:
            cursor.execute(held.there_sql(), stretch.values())
            there: int = cursor.fetchone()[0]
        rows = self._copy(held, stretch, 1, [0])
        shards = shards_for(rows)
        return Table(shards, there, self._files(held, stem, shards, range(shards)))

    def _copy(self, held: Held, stretch: Stretch, shards: int, which: list[int]) -> int:
        """Take the rows over into the engine's table `rows`."""
        file = self.work / "rows.csv"
        with connection.cursor() as cursor, file.open("wb") as out:
            query = cursor.mogrify(held.rows_sql(), stretch.values(shards, which)).decode()
            cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", out)
            rows: int = cursor.rowcount
        self._engine.take_csv("rows", file, held.schema)
        file.unlink()
        return rows

    def _files(
        self, held: Held, stem: str, shards: int, which: Collection[int]
    ) -> tuple[DataFile, ...]:
        found = (self._file(held, f"{stem}-{held.name}-{n:02d}", shards, n) for n in which)
        return tuple(file for file in found if file is not None)

    def _file(self, held: Held, stem: str, shards: int, shard: int) -> DataFile | None:
        mine = f"FROM rows WHERE account_id % {shards} = {shard}"
        days = self._days(held, mine)
        if not days:
            return None
        made = self.work / f"{stem}.parquet"
        self._engine.write_parquet(f"SELECT * {mine} ORDER BY ALL", made)
        with made.open("rb") as file:
            digest = digest_of(file)
        size = made.stat().st_size
        self.folder.put(made, made.name)
        made.unlink()
        rows = sum(figures[0] for figures in days.values())
        return DataFile(made.name, shard, rows, size, digest, days)

    def _days(self, held: Held, rows: str) -> Days:
        sums = ", ".join(f"sum({name})" for name in held.summed)
        found = self._engine.rows(
            f"SELECT happened_day, count(*), {sums} {rows} GROUP BY 1 ORDER BY 1"
        )
        return {day: tuple(map(int, figures)) for day, *figures in found}


@contextmanager
def writer(folder: Folder) -> Iterator[Writer]:
    """A writer with a place to work in; what a killed one left there is cleared away first."""
    work = settings.DAY_FILES_WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700, parents=True)
    try:
        with duck_engine(work, settings.NIGHT_MEMORY) as engine:
            yield Writer(folder, work, engine)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def shards_for(rows: int) -> int:
    """A power of two, so that none has many more than ROWS_PER_SHARD."""
    shards = 1
    while shards * ROWS_PER_SHARD < rows and shards < SHARDS_AT_MOST:
        shards *= 2
    return shards
