"""What is in which file: the manifest of one part, as JSON beside its files. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scoring.day_files.held import Stretch

# Files of another format are written anew.
FORMAT = 1

# For the number of a day: how many rows, then the sum of each column (see `Held.summed`).
Days = Mapping[int, tuple[int, ...]]


class NoManifest(Exception):
    """A manifest that is not there, cannot be read, or is of another time."""


@dataclass(frozen=True)
class DataFile:
    """The rows of one shard, sorted by account."""

    name: str
    shard: int
    rows: int
    size: int
    digest: str
    days: Days


@dataclass(frozen=True)
class Table:
    """The files of one table: none for a shard without rows.

    `there`: how many rows PostgreSQL had of the stretch just before they were copied, those that
    are not held with them.
    """

    shards: int
    there: int
    files: tuple[DataFile, ...]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    def last_day(self) -> int | None:
        """The number of the last day on which something in it happened."""
        return max((day for file in self.files for day in file.days), default=None)


@dataclass(frozen=True)
class Manifest:
    """One part of the day files: the tables by name."""

    stretch: Stretch
    tables: Mapping[str, Table]

    def files(self) -> Iterator[DataFile]:
        for table in self.tables.values():
            yield from table.files

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def last_day(self) -> int | None:
        days = [table.last_day() for table in self.tables.values()]
        return max((day for day in days if day is not None), default=None)


def to_json(manifest: Manifest) -> bytes:
    stretch = manifest.stretch
    content = {
        "format": FORMAT,
        "after": stretch.after.isoformat(),
        "upto": stretch.upto.isoformat(),
        "happened_from": stretch.happened_from.isoformat(),
        "tables": {
            name: {
                "shards": table.shards,
                "there": table.there,
                "files": [vars(file) for file in table.files],
            }
            for name, table in manifest.tables.items()
        },
    }
    return json.dumps(content, indent=1).encode()


def from_json(content: bytes) -> Manifest:
    """Raises NoManifest."""
    try:
        given = json.loads(content)
        if given["format"] != FORMAT:
            raise NoManifest(f"of format {given['format']}, not {FORMAT}")
        stretch = Stretch(
            datetime.fromisoformat(given["after"]),
            datetime.fromisoformat(given["upto"]),
            date.fromisoformat(given["happened_from"]),
        )
        tables = {name: _table(table) for name, table in given["tables"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoManifest("no manifest of ours") from error
    return Manifest(stretch, tables)


def _table(given: dict[str, Any]) -> Table:
    files = tuple(
        DataFile(**{**file, "days": {int(day): tuple(n) for day, n in file["days"].items()}})
        for file in given["files"]
    )
    return Table(given["shards"], given["there"], files)
