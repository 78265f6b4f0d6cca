"""What runs the night's expressions: DuckDB in our own process, or Spark by a setting."""

from contextlib import AbstractContextManager
from pathlib import Path

from django.conf import settings

from scoring.engines.contract import Engine
from scoring.engines.duck import duck_engine
from scoring.engines.spark import spark_engine

__all__ = ["DUCKDB", "Engine", "open_engine"]

DUCKDB = "duckdb"
# Spark without an address: on all cores of this machine.
SPARK_HERE = {"spark": "local[*]"}


def open_engine(folder: Path, address: str = DUCKDB) -> AbstractContextManager[Engine]:
    """An engine that works in `folder`, in bounded memory; closed when the block is left.

    `address` is `duckdb`, `spark`, or the address of a cluster of Spark's (see NIGHT_ENGINE).
    Raises EngineMissing when it is entered.
    """
    if address == DUCKDB:
        return duck_engine(folder, settings.NIGHT_MEMORY)
    return spark_engine(folder, SPARK_HERE.get(address, address), settings.NIGHT_MEMORY)
