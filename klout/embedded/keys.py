"""The three secrets of an installation: made once, kept in files beside the database."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from klout.embedded.places import make_folder, write_private
from klout.embedded.problems import CannotStart

MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "CREDENTIAL_KEYS": lambda: Fernet.generate_key().decode(),
    "RESPONDER_KEY": lambda: secrets.token_urlsafe(32),
}


def ensure(folder: Path, *, database_exists: bool) -> dict[str, str]:
    """Makes the files that are missing; returns `NAME_FILE: path` for each secret.

    A secret that is set in the environment is left to the environment. Once there is a database,
    none is made anew: it could not open what an earlier one sealed.
    """
    make_folder(folder)
    files = {}
    for name, make in MAKERS.items():
        if name in os.environ or f"{name}_FILE" in os.environ:
            continue
        path = folder / name
        if not path.exists():
            if database_exists:
                raise CannotStart(
                    f"{path} is missing, and the database was written with it: without it linked "
                    "accounts could not be read any more. Nothing was changed. Put the file back "
                    "from a copy, or run `make reset` to begin again."
                )
            write_private(path, make())
        files[f"{name}_FILE"] = str(path)
    return files
