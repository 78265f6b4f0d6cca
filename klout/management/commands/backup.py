"""python manage.py backup FILE: a backup that has been read again; `-` streams it to a pipe."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from klout.backups.archive import Manifest
from klout.backups.making import back_up, back_up_to_file, check
from klout.backups.tools import BackupProblem


class Command(BaseCommand):
    help = (
        "Back up the database to FILE (- is standard output), while the site runs. The secrets "
        "and the list of the erased are not in it: see docs/backups.md."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own spelling)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="where it goes; - for standard output")
        parser.add_argument("--check", action="store_true", help="only read FILE again")

    def handle(self, *args: object, file: str = "", **options: object) -> None:
        try:
            if options["check"]:
                self._tell("It is whole", check(Path(file)))
            elif file == "-":
                # A pipe cannot be read again here: `backup FILE --check` does so where it ends.
                self._tell("Streamed", back_up(sys.stdout.buffer, timezone.now()))
            else:
                self._tell("Written and read again", back_up_to_file(Path(file), timezone.now()))
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        except BrokenPipeError:
            raise CommandError("Nobody reads the pipe any more: there is no backup.") from None

    def _tell(self, what: str, manifest: Manifest) -> None:
        members = manifest.rows.get("accounts_member", 0)
        self.stderr.write(
            f"{what}: {manifest.size:,} bytes, {sum(manifest.rows.values()):,} rows in "
            f"{len(manifest.rows)} tables, {members:,} members, as of {manifest.made_at}."
        )
        self.stderr.write(f"Not in it, to be kept elsewhere: {', '.join(manifest.not_in_it)}.")
