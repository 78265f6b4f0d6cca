"""DuckDB in our own process: the engine of one machine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection

from scoring.engines.contract import (
    ROWS_AT_ONCE,
    Column,
    arrow_table,
    as_numpy,
    in_schema,
    sql_of,
)

# Of what is kept for months, and of what lives for a night.
COMPRESSION, QUICK = "zstd", "lz4"


class DuckEngine:
    """See `Engine`. `con` is DuckDB's own connection."""

    reads_urls = False

    def __init__(self, con: DuckDBPyConnection) -> None:
        self.con = con

    def take_files(self, name: str, files: Sequence[str], schema: ibis.Schema) -> None:
        if not files:
            self._make(name, f"SELECT {_casts(schema, of='NULL')} WHERE false")
            return
        self._forget(name)
        # A view takes no parameters; as a literal, a quote in a path stands twice.
        paths = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        self._rows(
            f'CREATE VIEW "{name}" AS SELECT {_casts(schema)} '  # noqa: S608
            f"FROM read_parquet([{paths}])"
        )

    def take_csv(self, name: str, file: Path, schema: ibis.Schema) -> None:
        self._make(
            name,
            "SELECT * FROM read_csv($file, header = false, columns = $columns, "
            "quote = '\"', escape = '\"', allow_quoted_nulls = false, auto_detect = false)",
            {"file": str(file), "columns": _types(schema)},
        )

    def take_columns(
        self, name: str, columns: Mapping[str, Column], schema: ibis.Schema | None = None
    ) -> None:
        self.con.register("given", arrow_table(columns, schema))
        self._make(name, "SELECT * FROM given")
        self.con.unregister("given")

    def make(self, name: str, table: ir.Table, schema: ibis.Schema | None = None) -> None:
        casts = _casts(schema or table.schema())
        self._make(name, f"SELECT {casts} FROM ({sql_of(table, 'duckdb')})")  # noqa: S608

    def define(self, name: str, table: ir.Table) -> None:
        self._forget(name)
        self._rows(f'CREATE VIEW "{name}" AS {_in_its_types(table)}')

    def drop(self, name: str) -> None:
        self._forget(name)

    def count(self, name: str) -> int:
        return int(self._rows(f'SELECT count(*) FROM "{name}"')[0][0])  # noqa: S608

    def batches(self, table: ir.Table) -> Iterator[pa.RecordBatch]:
        # A cursor of its own, so that other tables may be made while pieces are still handed out.
        cursor = self.con.cursor()
        try:
            for batch in cursor.sql(sql_of(table, "duckdb")).to_arrow_reader(ROWS_AT_ONCE):
                yield in_schema(batch, table)
        finally:
            cursor.close()

    def write(self, table: ir.Table, file: Path) -> None:
        self._copy(_in_its_types(table), file, QUICK)

    def columns(self, table: ir.Table) -> dict[str, np.ndarray]:
        return as_numpy(self.batches(table), table)

    def write_parquet(self, query: str, file: Path) -> None:
        """What a query of DuckDB's gives, in its order, as one Parquet file."""
        self._copy(query, file, COMPRESSION)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All that a query of DuckDB's gives."""
        return self._rows(query)

    def _copy(self, query: str, file: Path, compression: str) -> None:
        place = str(file).replace("'", "''")
        self._rows(f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION {compression})")

    def _make(self, name: str, query: str, values: Mapping[str, Any] | None = None) -> None:
        """Under another name first: a table may be made of the one that it replaces."""
        self._forget("being made")
        self._rows(f'CREATE TABLE "being made" AS {query}', values)
        self._forget(name)
        self._rows(f'ALTER TABLE "being made" RENAME TO "{name}"')

    def _forget(self, name: str) -> None:
        found = self._rows(
            "SELECT table_type = 'VIEW' FROM information_schema.tables WHERE table_name = $name",
            {"name": name},
        )
        for (is_view,) in found:
            self._rows(f'DROP {"VIEW" if is_view else "TABLE"} "{name}"')

    def _rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All that a statement answers: DuckDB takes no other while a part is not fetched."""
        return self.con.execute(query, values).fetchall()


@contextmanager
def duck_engine(folder: Path, memory: str) -> Iterator[DuckEngine]:
    """DuckDB in memory, which spills to `folder`; closed when the block is left.

    `memory`: how much it may take, as DuckDB writes it (`2GB`).
    """
    backend = ibis.duckdb.connect(
        memory_limit=memory,
        temp_directory=str(folder / "spill"),
        # Whoever wants an order asks for it.
        preserve_insertion_order=False,
    )
    try:
        yield DuckEngine(backend.con)
    finally:
        backend.disconnect()


def _types(schema: ibis.Schema) -> dict[str, str]:
    return {name: _type(kind) for name, kind in schema.items()}


def _in_its_types(table: ir.Table) -> str:
    """The query for an expression, in the types that it has: DuckDB sums in wider ones."""
    return f"SELECT {_casts(table.schema())} FROM ({sql_of(table, 'duckdb')})"  # noqa: S608


def _casts(schema: ibis.Schema, of: str = "") -> str:
    return ", ".join(
        f'CAST({of or name} AS {kind}) AS "{name}"' for name, kind in _types(schema).items()
    )


def _type(kind: Any) -> str:
    if kind.is_array():
        return f"{_type(kind.value_type)}[]"
    return "VARCHAR" if kind.is_string() else "BIGINT"
