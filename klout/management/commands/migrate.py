"""Django's migrate, which waits for no lock for long.

A migration that waits for a table keeps everybody waiting who comes after it. So it gives up after
LOCK_TIMEOUT, leaves the table to those who use it, and tries again; each migration is one
transaction, so nothing is left half done.
"""

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg2.errors import LockNotAvailable

LOCK_TIMEOUT = "2s"
TRIES = 15
PAUSE_SECONDS = 2.0


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        for left in reversed(range(TRIES)):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = %s", [LOCK_TIMEOUT])
                super().handle(*args, **options)
                break
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable) or not left:
                    raise
                self.stderr.write("A table is in use; what was migrated is kept. Trying again.")
                time.sleep(PAUSE_SECONDS)
            finally:
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")
