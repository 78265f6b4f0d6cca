"""Apache Spark: the engine of a cluster, from requirements-cluster.txt, with a Java beside it.

Its workers read the day files themselves. What is small (accounts, readings, persons) goes there
from here by Arrow, and results come back here the same way, each as a whole.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from scoring.engines.contract import (
    ROWS_AT_ONCE,
    Column,
    arrow_table,
    as_numpy,
    in_schema,
    sql_of,
)

# On one machine; on a cluster Spark's own settings say it.
LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
}


class EngineMissing(Exception):
    """The engine that the settings name is not installed here."""


class SparkEngine:
    """See `Engine`. `session` is Spark's own."""

    reads_urls = True

    def __init__(self, session: Any) -> None:
        self.session = session
        self._kept: dict[str, Any] = {}

    def take_files(self, name: str, files: Sequence[str], schema: ibis.Schema) -> None:
        if not files:
            self.take_columns(name, {column: [] for column in schema}, schema)
            return
        frame = self.session.read.parquet(*map(_address, files))
        self._name(name, frame.selectExpr(*_casts(schema)))

    def take_csv(self, name: str, file: Path, schema: ibis.Schema) -> None:
        fields = schema.to_pyarrow()
        if not file.stat().st_size:
            self._name(name, self.session.createDataFrame(fields.empty_table()))
            return
        table = csv.read_csv(
            file,
            read_options=csv.ReadOptions(column_names=fields.names),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=fields,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        self._name(name, self.session.createDataFrame(table))

    def take_columns(
        self, name: str, columns: Mapping[str, Column], schema: ibis.Schema | None = None
    ) -> None:
        table = arrow_table(columns, schema)
        self._name(name, self.session.createDataFrame(table).selectExpr(*_casts(_schema(table))))

    def make(self, name: str, table: ir.Table, schema: ibis.Schema | None = None) -> None:
        frame = self._frame(table).selectExpr(*_casts(schema or table.schema())).persist()
        # At once: it may be made of the table it replaces.
        frame.count()
        self._name(name, frame)
        self._kept[name] = frame

    def define(self, name: str, table: ir.Table) -> None:
        self._name(name, self._frame(table).selectExpr(*_casts(table.schema())))

    def drop(self, name: str) -> None:
        self.session.catalog.dropTempView(name)
        self._let_go(name)

    def count(self, name: str) -> int:
        return int(self.session.table(name).count())

    def batches(self, table: ir.Table) -> Iterator[pa.RecordBatch]:
        # By Spark's own JVM: its workers need no Python.
        for batch in self._frame(table).toArrow().to_batches(ROWS_AT_ONCE):
            yield in_schema(batch, table)

    def write(self, table: ir.Table, file: Path) -> None:
        with pq.ParquetWriter(file, table.schema().to_pyarrow(), compression="lz4") as writer:
            for batch in self.batches(table):
                writer.write_batch(batch)

    def columns(self, table: ir.Table) -> dict[str, np.ndarray]:
        return as_numpy(self.batches(table), table)

    def _frame(self, table: ir.Table) -> Any:
        return self.session.sql(sql_of(table, "pyspark"))

    def _name(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._let_go(name)

    def _let_go(self, name: str) -> None:
        if kept := self._kept.pop(name, None):
            kept.unpersist()


@contextmanager
def spark_engine(folder: Path, address: str, memory: str) -> Iterator[SparkEngine]:
    """Spark at `address` (`spark://host:7077`, `yarn`, `local[2]`, ...); `folder` for what is here.

    `memory` is what the driver may take, as `2GB`. Raises EngineMissing.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing(
            f"NIGHT_ENGINE={address} needs Apache Spark: pip install --require-hashes -r "
            "requirements-cluster.txt. Nothing was computed."
        ) from error
    builder = SparkSession.builder.master(address).appName("klout night")
    for name, value in _options(folder, address, memory).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkRuntimeError, FileNotFoundError) as error:
        raise EngineMissing(
            f"NIGHT_ENGINE={address}: Spark did not start. It needs Java 17 or 21 (JAVA_HOME or "
            "on the path). Nothing was computed."
        ) from error
    try:
        yield SparkEngine(session)
    finally:
        session.stop()


def _options(folder: Path, address: str, memory: str) -> dict[str, str]:
    options = {
        # A sum that does not fit 64 bits is an error, not another number.
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS_AT_ONCE),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "spill"),
        "spark.driver.memory": re.sub(r"(?i)([kmgt])i?b?$", r"\1", memory.strip()).lower(),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    return options | (LOCAL if address.startswith("local") else {})


def _address(file: str) -> str:
    """As Hadoop's file systems call it."""
    if "://" not in file:
        return f"file://{file}"
    return re.sub(r"^s3://", "s3a://", file)


def _schema(table: pa.Table) -> ibis.Schema:
    return ibis.Schema.from_pyarrow(table.schema)


def _casts(schema: ibis.Schema) -> list[str]:
    return [f"CAST(`{name}` AS {_type(kind)}) AS `{name}`" for name, kind in schema.items()]


def _type(kind: Any) -> str:
    if kind.is_array():
        return f"ARRAY<{_type(kind.value_type)}>"
    return "STRING" if kind.is_string() else "BIGINT"
