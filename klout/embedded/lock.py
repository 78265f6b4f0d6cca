"""One supervisor per DATA_DIR at a time. The kernel frees the lock of a killed one."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from klout.embedded.problems import CannotStart, explained


@contextlib.contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Holds the lock of DATA_DIR; raises CannotStart while somebody else does."""
    path = data_dir / "lock"
    try:
        file = path.open("a+")
    except OSError as error:
        raise explained(error, path) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(
                f"Klout is already running on {data_dir} (process {file.read().strip() or '?'}). "
                "Nothing was changed. Stop that one with Ctrl-C, or give this one a DATA_DIR and "
                "a PORT of its own."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
