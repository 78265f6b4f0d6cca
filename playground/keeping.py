"""Small files that are made once and kept; a kill at any moment leaves none half written."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def keep(path: Path, make: Callable[[], str]) -> str:
    """The text of a file, made at the first asking and readable by its owner only."""
    if not path.exists():
        # mkstemp makes files of mode 0600.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    return path.read_text()
