"""What is looked at before the site is served: `manage.py check --deploy`."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def register_all() -> None:
    register(promises_can_be_written_down, Tags.security, deploy=True)


def promises_can_be_written_down(**_kwargs: Any) -> list[CheckMessage]:
    """Without its list a promise is not kept, or a restored backup takes it back."""
    kept = {"ERASED_LIST": "Deletions", "STOP_LIST": "People who ask not to be counted"}
    return [
        Error(
            f"{what} cannot be written down in {getattr(settings, name)}.",
            hint=f"Set {name} to a file that web server and worker may write, outside of the "
            "database and its backups; DATA_DIR is where it is otherwise.",
            id=f"accounts.E{number:03}",
        )
        for number, (name, what) in enumerate(kept.items(), 1)
        if not _is_writable(getattr(settings, name))
    ]


def _is_writable(path: Path) -> bool:
    return os.access(path if path.exists() else _nearest_folder(path), os.W_OK)


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.exists())
