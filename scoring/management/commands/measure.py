"""python manage.py measure DATA: make docs/how-it-works/measured.json anew."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scoring.evaluation.measuring import measured

STORED = Path("docs") / "how-it-works" / "measured.json"


class Command(BaseCommand):
    help = "Measure every figure that the page on the score prints, and store them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("data", type=Path, help="The folder with peerindex, advogato, ...")

    def handle(self, *args: object, data: Path, **options: object) -> None:
        try:
            found = measured(data)
        except (OSError, ValueError) as error:
            raise CommandError(f"Nothing was stored. {error}") from error
        stored = Path(settings.BASE_DIR) / STORED
        stored.write_text(json.dumps(found, indent=1) + "\n")
        self.stdout.write(f"Stored in {STORED}.")
