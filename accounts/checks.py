"""What is looked at before the site is served: `manage.py check --deploy`."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def register_all() -> None:
    register(erasures_can_be_written_down, Tags.security, deploy=True)


def erasures_can_be_written_down(**_kwargs: Any) -> list[CheckMessage]:
    """Without the list nobody is erased, or a restored backup brings them back."""
    path: Path = settings.ERASED_LIST
    place = path if path.exists() else _nearest_folder(path)
    if os.access(place, os.W_OK):
        return []
    return [
        Error(
            f"Deletions cannot be written down in {path}.",
            hint="Set ERASED_LIST to a file that the worker may write, outside of the database "
            "and its backups; DATA_DIR is where it is otherwise.",
            id="accounts.E001",
        )
    ]


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.exists())
