"""python manage.py restore FILE: put a backup back, without those who have left since."""

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from klout.backups.restoring import Wishes, restore
from klout.backups.tools import BackupProblem


class Command(BaseCommand):
    help = (
        "Put a backup back into an empty database, erase again whoever has left since, and write "
        "the day files anew. Whole or not at all. Stop web, workers and beat first."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own spelling)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the backup; - for standard input")
        parser.add_argument("--replace", action="store_true", help="also where members are")
        parser.add_argument(
            "--without-erased-list", action="store_true", help="nobody was ever erased here"
        )

    def handle(self, *args: object, file: str = "", **options: object) -> None:
        wishes = Wishes(bool(options["replace"]), bool(options["without_erased_list"]))
        try:
            with _file(file) as path:
                done = restore(path, timezone.now(), wishes, self.stdout.write)
        except BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"Restored as of {done.manifest.made_at}: {done.members:,} members, every row that "
            f"was dumped. Erased again: {done.erased_again:,} who had left since. Everybody is "
            "signed out. What was unlinked since the backup is linked again: tell members."
        )


@contextmanager
def _file(name: str) -> Iterator[Path]:
    """The backup as a file: what comes through a pipe is kept until it is whole."""
    if name != "-":
        yield Path(name)
        return
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, suffix=".backup") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)
