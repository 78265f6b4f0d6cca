"""What the night asks of an engine: tables by name, and Ibis expressions over those names.

An expression is made of `ibis.table(schema, name)`, so it knows no engine; each engine finds the
tables by their names. All whole numbers are of 64 bits, whatever an engine sums in.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

# Results are handed out in pieces of about this many rows.
ROWS_AT_ONCE = 50_000

Column = Sequence[Any] | np.ndarray


class Engine(Protocol):
    """Makes, drops and reads tables. A table of a name that is there already is replaced.

    `reads_urls`: files on other machines are read by their URLs, not copied here first.
    """

    reads_urls: bool

    def take_files(self, name: str, files: Sequence[str], schema: ibis.Schema) -> None:
        """Make `name` from Parquet files that stay where they are: paths, or URLs of fsspec.

        All have the columns of `schema` at least. None at all is an empty table.
        """

    def take_csv(self, name: str, file: Path, schema: ibis.Schema) -> None:
        """Make `name` from a CSV file as PostgreSQL's COPY writes it, which may go after this."""

    def take_columns(
        self, name: str, columns: Mapping[str, Column], schema: ibis.Schema | None = None
    ) -> None:
        """Make `name` from columns of the same length; without `schema` of whole numbers."""

    def make(self, name: str, table: ir.Table, schema: ibis.Schema | None = None) -> None:
        """Make `name` of what an expression gives, computed once; its own schema if none given."""

    def define(self, name: str, table: ir.Table) -> None:
        """Let `name` stand for an expression, which is computed wherever it is read."""

    def drop(self, name: str) -> None:
        """Forget a table that is not needed any more, and the room it took; none is no error."""

    def count(self, name: str) -> int:
        """How many rows a table has."""

    def batches(self, table: ir.Table) -> Iterator[pa.RecordBatch]:
        """What an expression gives, in its order and schema, piece by piece."""

    def write(self, table: ir.Table, file: Path) -> None:
        """What an expression gives as one Parquet file on this machine, in any order."""

    def columns(self, table: ir.Table) -> dict[str, np.ndarray]:
        """What an expression gives, all at once. ValueError where a figure is missing (null)."""


def arrow_table(columns: Mapping[str, Column], schema: ibis.Schema | None) -> pa.Table:
    """Columns as Arrow holds them; without a schema all are whole numbers."""
    types = schema or ibis.schema(dict.fromkeys(columns, "int64"))
    return pa.table(
        [pa.array(columns[field.name], field.type) for field in types.to_pyarrow()],
        schema=types.to_pyarrow(),
    )


def in_schema(batch: pa.RecordBatch, table: ir.Table) -> pa.RecordBatch:
    """A piece of a result in the types that its expression has: engines sum in wider ones."""
    wanted = table.schema().to_pyarrow()
    return batch if batch.schema == wanted else batch.cast(wanted)


def as_numpy(batches: Iterator[pa.RecordBatch], table: ir.Table) -> dict[str, np.ndarray]:
    """Pieces of a result as one array for each column. ValueError where something is null."""
    whole = pa.Table.from_batches(batches, table.schema().to_pyarrow())
    missing = [name for name in whole.column_names if whole[name].null_count]
    if missing:
        raise ValueError(f"null in {', '.join(missing)}: say what stands for it")
    return {name: whole[name].to_numpy() for name in whole.column_names}


def sql_of(table: ir.Table, dialect: str) -> str:
    """An expression as the query of an engine; each is put into words once."""
    return _sql_of(table.op(), dialect)


@lru_cache(maxsize=128)
def _sql_of(operation: Any, dialect: str) -> str:
    return str(ibis.to_sql(operation.to_expr(), dialect))
