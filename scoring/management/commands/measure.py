"""python manage.py measure DATA: make docs/how-it-works/measured.json anew."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scoring.evaluation.measuring import Kept, measured

STORED = Path("docs") / "how-it-works" / "measured.json"


class Command(BaseCommand):
    help = (
        "Measure every figure that the page on the score prints, and store them. A run that is "
        "stopped keeps what it has in measured.partial beside them; the next one goes on there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("data", type=Path, help="The folder with peerindex, advogato, ...")

    def handle(self, *args: object, data: Path, **options: object) -> None:
        stored = Path(settings.BASE_DIR) / STORED
        kept = Kept(stored.with_suffix(".partial"))
        if kept.found:
            self.stdout.write(f"{len(kept.found)} figures are there from a run that was stopped.")
        try:
            found = measured(data, kept, self.stdout.write)
        except (OSError, ValueError) as error:
            raise CommandError(
                f"{len(kept.found)} figures are kept in {kept.file.name}; {STORED.name} is as it "
                f"was. {error}"
            ) from error
        stored.write_text(json.dumps(found, indent=1) + "\n")
        kept.drop()
        self.stdout.write(f"Stored in {STORED}.")
