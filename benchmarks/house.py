"""A real PostgreSQL that waits for the disk, as `make run` has it, for the time of a measurement.

Set DATABASE_URL to measure on a server of your own; its database is written to.
"""

import contextlib
import os
from collections.abc import Iterator

import django
from django.core.management import call_command

from klout.embedded.for_tests import ENVIRONMENT, Servers


@contextlib.contextmanager
def house(*, with_valkey: bool = False, **settings: str) -> Iterator[None]:
    """Within, Django is set up with an empty, migrated database; `settings` are variables."""
    servers = Servers(durable=True)
    try:
        folder = servers.folder / "data"
        folder.mkdir(mode=0o700)
        ours = ENVIRONMENT | {
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "klout.settings",
            "LOG_LEVEL": "WARNING",
            # Nothing that is measured asks it; each process counts for itself.
            "REDIS_URL": "redis://localhost:1/0",
        }
        os.environ.update(ours | settings)
        if with_valkey:
            os.environ["REDIS_URL"] = servers.start_valkey()
        if "DATABASE_URL" not in os.environ:
            os.environ["DATABASE_URL"] = servers.start_postgres()
        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        servers.stop()
