"""The three secrets of an installation: made once, kept in files beside the database."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from klout.embedded.places import make_folder
from klout.embedded.problems import CannotStart, explained

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
            _write_once(path, make())
        files[f"{name}_FILE"] = str(path)
    return files


def _write_once(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise explained(error, path) from error
