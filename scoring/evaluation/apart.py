"""A place of its own in the database, for as long as an evaluation takes.

All tables are made anew in a schema that exists inside one transaction, which is rolled back at
the end. Nobody else ever sees it, no row of the operator's is read or locked, and a killed
evaluation leaves nothing behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction

SCHEMA = "klout_evaluation"


@contextmanager
def apart() -> Iterator[None]:
    """Empty tables for the block; everything in them is gone after it."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {SCHEMA}")
                cursor.execute(f"SET LOCAL search_path TO {SCHEMA}")
            call_command("migrate", verbosity=0, interactive=False)
            yield
            transaction.set_rollback(True)
    finally:
        ContentType.objects.clear_cache()
