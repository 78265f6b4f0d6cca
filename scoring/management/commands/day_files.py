"""python manage.py day_files check|rebuild: the files that the night reads."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scoring.services import day_files
from scoring.services.day_files import Checked

SHOWN_AT_MOST = 20


class Command(BaseCommand):
    help = (
        "check: hold the day files against PostgreSQL, counts and sums by day; changes nothing. "
        "rebuild: write all of them anew from PostgreSQL, then check. Safe to run at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check", "rebuild"])

    def handle(self, *args: object, what: str = "", **options: object) -> None:
        if what == "rebuild":
            checked = day_files.rebuild_day_files(timezone.now())
        else:
            checked = day_files.check_day_files()
        self._tell(checked)
        if checked.differences:
            raise CommandError(
                "The day files differ from PostgreSQL. To mend them: manage.py day_files rebuild "
                "(PostgreSQL is the truth, and nothing in it is changed)."
            )

    def _tell(self, checked: Checked) -> None:
        self.stdout.write(f"{checked.rows:,} rows in {checked.parts:,} parts.")
        if checked.waiting:
            self.stdout.write(
                f"{checked.waiting:,} changes wait to be written, within the hour; until then "
                "the days they are of differ."
            )
        for sentence in checked.differences[:SHOWN_AT_MOST]:
            self.stdout.write(sentence)
        if len(checked.differences) > SHOWN_AT_MOST:
            self.stdout.write(f"and {len(checked.differences) - SHOWN_AT_MOST:,} more.")
        if not checked.differences:
            self.stdout.write("They hold what PostgreSQL has, day by day, to the last sum.")
