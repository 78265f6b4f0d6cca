"""One part of an export as files: a JSON file, and a CSV file for each list in it.

Everything is written while it is read; in memory is one row at a time. A list inside the rows of
another becomes a CSV file of its own, whose first column is the number of the row it belongs to.
"""

import csv
import hashlib
import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.exports.rows import Rows
from accounts.exports.spreadsheets import safe_cell

_ENCODER = DjangoJSONEncoder()


@dataclass
class Written:
    """One finished file of the export."""

    name: str
    path: Path
    size: int
    sha256: str


class _Counted:
    """A text file that knows its size and its hash."""

    def __init__(self, name: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.name, self.path, self.size = name, path, 0
        self._hash = hashlib.sha256()
        self._file: IO[bytes] = path.open("wb")

    def write(self, text: str) -> int:
        content = text.encode("utf-8", "replace")
        self._hash.update(content)
        self.size += len(content)
        return self._file.write(content)

    def close(self) -> None:
        self._file.close()

    def written(self) -> Written:
        return Written(self.name, self.path, self.size, self._hash.hexdigest())


@dataclass
class _Table:
    """A CSV file under way."""

    file: _Counted
    columns: tuple[str, ...]
    rows: int = 0
    writer: Any = field(init=False)

    def __post_init__(self) -> None:
        self.writer = csv.writer(self.file, lineterminator="\r\n")
        self.writer.writerow(self.columns)


class OtherColumns(ValueError):
    """A row has other fields than the first of its list: the provider must be mended."""


class PartWriter:
    """Writes one part into a folder; a context manager."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._folder = name, folder
        self._tables: dict[str, _Table] = {}
        self._stack = ExitStack()
        self._json = self._open(f"{name}.json")
        self._files = [self._json]

    def __enter__(self) -> "PartWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def write(self, part: Mapping[str, object]) -> list[Written]:
        """The whole part; returns its files."""
        self._value(part, self._name, None)
        self._json.write("\n")
        plain = {key: value for key, value in part.items() if not _is_table(value)}
        if plain:
            table = self._table(self._name, ("field", "value"))
            for key, value in plain.items():
                table.writer.writerow([key, _cell(value)])
        return [file.written() for file in self._files]

    def _open(self, name: str) -> _Counted:
        file = _Counted(name, self._folder / name)
        self._stack.callback(file.close)
        return file

    def _table(self, path: str, columns: tuple[str, ...]) -> _Table:
        found = self._tables.get(path)
        if found is None:
            file = self._open(f"csv/{path}.csv")
            self._files.append(file)
            found = self._tables[path] = _Table(file, columns)
        if found.columns != columns:
            raise OtherColumns(f"{path}: {columns} is not {found.columns}")
        return found

    def _value(self, value: object, path: str, row: int | None) -> None:
        if isinstance(value, Mapping):
            self._object(value, path, row)
        elif _is_table(value):
            self._list(value, path, row)
        else:
            self._json.write(_text(value))

    def _object(self, value: Mapping[str, object], path: str, row: int | None) -> None:
        self._json.write("{")
        for place, (key, one) in enumerate(value.items()):
            self._json.write(f"{', ' if place else ''}{json.dumps(key)}: ")
            self._value(one, f"{path}.{key}", row)
        self._json.write("}")

    def _list(self, rows: Any, path: str, parent: int | None) -> None:
        self._json.write("[")
        for place, row in enumerate(rows):
            self._json.write(",\n" if place else "\n")
            number = self._row(row, path, parent)
            if any(_is_table(value) for value in row.values()):
                self._object(row, path, number)
            else:
                self._json.write(_text(row))
        self._json.write("]")

    def _row(self, row: Mapping[str, object], path: str, parent: int | None) -> int:
        plain = {key: value for key, value in row.items() if not _is_table(value)}
        first = () if parent is None else (f"{path.rsplit('.', 2)[-2]}_row",)
        table = self._table(path, (*first, *plain))
        table.rows += 1
        above = [] if parent is None else [parent]
        table.writer.writerow([*above, *(_cell(value) for value in plain.values())])
        return table.rows


def _is_table(value: object) -> bool:
    """Whether it is a list of objects (an empty list makes no file)."""
    if isinstance(value, Rows):
        return True
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _text(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _cell(value: object) -> str:
    """Texts as they are, made safe; the rest as in JSON, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, date | time):
        value = _ENCODER.default(value)
    return safe_cell(value) if isinstance(value, str) else _text(value)
