"""python manage.py judge PEOPLE.csv PAIRS.csv: how far the score agrees with human judges."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from scoring.evaluation.apart import apart
from scoring.evaluation.judging import judge


class Command(BaseCommand):
    help = (
        "Score people whom others judged in pairs, and compare. Works in tables of its own; "
        "yours are not touched. The last line is JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("people", type=Path, help="Columns as in data/peerindex.")
        parser.add_argument("pairs", type=Path, help="a, b, choice (1: a is more influential).")
        parser.add_argument("--no-curation", action="store_true", help="As if nobody had lists.")

    def handle(
        self, *args: object, people: Path, pairs: Path, no_curation: bool, **options: object
    ) -> None:
        try:
            with apart():
                found = judge(people, pairs, with_curation=not no_curation)
        except (OSError, ValueError) as error:
            raise CommandError(f"Nothing was measured. {error}") from error
        except KeyError as error:
            raise CommandError(
                f"Nothing was measured. There is no {error} in the files."
            ) from error
        self.stdout.write(f"people {found.people}, pairs {found.pairs}")
        self.stdout.write(f"more than 1,000 responses, entered as 1,000: {found.cut} people")
        for name in ("auc", "accuracy", "auc_followers", "difference", "standard_error"):
            self.stdout.write(f"{name.replace('_', ' '):16} {getattr(found, name):.4f}")
        self.stdout.write(json.dumps(asdict(found)))
