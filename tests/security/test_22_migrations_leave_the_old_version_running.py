"""Expand, migrate, contract: each migration leaves the version that serves meanwhile working.

A column that must not be empty, a removed or a renamed one breaks it; django-migration-linter reads
the SQL of each migration. Those up to BEFORE were made before the first release, when no version
served that could break.
"""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from klout.management.commands import migrate
from tests.at_once import at_once

BEFORE = {"accounts": "0006", "gifting": "0008", "networks": "0013", "scoring": "0007"}


@pytest.mark.django_db
def test_no_migration_since_the_first_release_breaks_the_version_before_it(capsys) -> None:
    known = MigrationLoader(None).disk_migrations
    before = {name for app, name in known if name[:4] <= BEFORE.get(app, "")}
    linter = MigrationLinter(
        str(settings.BASE_DIR),
        include_apps=list(BEFORE),
        ignore_name=sorted(before),
        no_cache=True,
        quiet=["ok", "ignore", "warning"],
    )
    linter.lint_all_migrations()
    assert not linter.has_errors, capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_waits_for_a_lock_gives_way_and_says_so(monkeypatch, capsys) -> None:
    """Two seconds each, then others have their turn; after all tries it ends with the error."""
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(migrate, "TRIES", 2)

    def locked(self, *args, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            waits.append(cursor.fetchone()[0])
            cursor.execute("LOCK TABLE accounts_member")

    waits: list[str] = []
    monkeypatch.setattr(migrate.migrate.Command, "handle", locked)

    def holder() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE accounts_member; SELECT pg_sleep(1)")

    def migrating() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        call_command("migrate", verbosity=0)

    _, said = at_once(holder, migrating)
    assert isinstance(said, OperationalError)
    assert waits == ["100ms"] * 2
