"""What runs the night's expressions: DuckDB in our own process, or another by a setting."""

from contextlib import AbstractContextManager
from pathlib import Path

from django.conf import settings

from scoring.engines.contract import Engine
from scoring.engines.duck import duck_engine

__all__ = ["Engine", "open_engine"]


def open_engine(folder: Path) -> AbstractContextManager[Engine]:
    """An engine that works in `folder`, in bounded memory; closed when the block is left."""
    return duck_engine(folder, settings.NIGHT_MEMORY)
