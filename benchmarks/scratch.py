"""A database and a Valkey of their own for a measurement, gone when it is over.

Set DATABASE_URL and REDIS_URL to measure on servers of your own; what is written there stays.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command

from klout.embedded import places
from klout.embedded.for_tests import ENVIRONMENT, Servers


@contextmanager
def scratch(*, durable: bool = False) -> Iterator[None]:
    """Django, set up on empty, migrated servers; `durable`: they wait for the disk, as in use."""
    servers = Servers(durable=durable)
    try:
        _point_at(servers)
        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        servers.stop()


def _point_at(servers: Servers) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klout.settings")
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = servers.start_postgres()
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = servers.start_valkey()
    os.environ.setdefault("DATA_DIR", str(places.make_folder(servers.folder / "data")))
