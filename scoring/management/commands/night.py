"""python manage.py night: compute everybody's score."""

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scoring.phases import Notes
from scoring.services import run_night


class Command(BaseCommand):
    help = "Compute everybody's score for a day. Safe to run again: it writes the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", help="The day, as 2026-11-02; today in UTC if left out.")

    def handle(self, *args: object, on: str | None = None, **options: object) -> None:
        now = timezone.now()
        night = run_night(self._day(on) or now.date(), now, look=self._tell)
        if night is None:
            raise CommandError("Another night is running. Try again when it is done.")
        self.stdout.write(
            f"Night of {night.on} by rule {night.rule}: {night.members:,} members with "
            f"{night.accounts:,} accounts, from what was recorded up to {night.cut_off_at:%H:%M}."
        )
        if night.problem:
            self.stdout.write(self.style.WARNING(night.problem))

    def _tell(self, noted: dict[str, Notes]) -> None:
        """A line for each step, as it is done."""
        name, notes = next(reversed(noted.items()))
        if "seconds" not in notes:
            self.stdout.write(f"  {name}: {notes['done']:.0f} of {notes['of']:.0f}")
            return
        kept = f", {notes['kept']:.0f} done before" if "kept" in notes else ""
        self.stdout.write(
            f"  {name}: {notes['seconds']} s, {notes.get('rows', 0):,.0f} rows, "
            f"at most {notes['peak_mb']:,} MB{kept}"
        )

    def _day(self, text: str | None) -> date | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"{text!r} is not a day; write it as 2026-11-02.") from error
