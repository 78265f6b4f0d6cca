"""The one error a person sees: what happened, what was kept, what to do next."""

import errno
import os
from pathlib import Path


class CannotStart(Exception):
    """Its text is shown as it stands; no traceback follows."""


FULL_DISK = (
    "The disk that holds {path} is full. What was stored before is kept. "
    "Free some space (about 300 MB are enough to begin), or set DATA_DIR to a folder on another "
    "disk, and run the command again."
)


def explained(error: OSError, path: Path) -> CannotStart:
    """The sentence for a file system that refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotStart(FULL_DISK.format(path=path))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CannotStart(
            f"{path} may not be written by this user ({_me()}). Nothing was "
            "changed. Set DATA_DIR to a folder of your own, for example "
            "`make run DATA_DIR=$HOME/klout-data`, or run as the user it belongs to."
        )
    return CannotStart(f"{error.filename or path}: {error.strerror}. Nothing was changed.")


def _me() -> str:
    return f"uid {os.geteuid()}"
