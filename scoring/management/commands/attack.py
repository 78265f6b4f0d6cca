"""python manage.py attack EDGES.csv --kind ring: what an attack on a real graph would gain."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from scoring.evaluation.apart import apart
from scoring.evaluation.attacks import INJECTED, Wanted
from scoring.evaluation.profiles import NAME
from scoring.evaluation.report import run


class Command(BaseCommand):
    help = (
        "Load a real graph as members and reactions, attack some of them, and print what it "
        "gains. Works in tables of its own; yours are not touched. The last line is JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edges", type=Path, help="advogato, bitcoin-otc or congress-twitter")
        parser.add_argument("--kind", required=True, choices=sorted(INJECTED))
        parser.add_argument("--fakes", type=int, default=1_000, help="Or people, for genuine.")
        parser.add_argument("--fooled", type=int, default=0, help="Members who endorse a fake.")
        parser.add_argument("--targets", type=int, default=12)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--profile", choices=("bought", "polished"), default="bought")
        parser.add_argument(
            "--profiles", type=Path, help="The data of fake followers; found beside the edges."
        )

    def handle(self, *args: object, edges: Path, profiles: Path | None, **asked: object) -> None:
        names = ("kind", "fakes", "fooled", "targets", "seed", "profile")
        wanted = Wanted(**{name: asked[name] for name in names})  # type: ignore[arg-type]
        if wanted.fakes < 1 or wanted.fooled < 0 or wanted.targets < 1:
            raise CommandError("Numbers of fakes and targets begin at 1, of fooled members at 0.")
        profiles = profiles or edges.resolve().parent.parent / NAME
        try:
            with apart():
                found = run(edges, profiles, wanted)
        except (OSError, ValueError) as error:
            raise CommandError(f"Nothing was measured. {error}") from error
        for name, value in found.items():
            self.stdout.write(f"{name.replace('_', ' '):32} {value}")
        self.stdout.write(json.dumps(found))
