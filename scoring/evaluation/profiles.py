"""Profiles drawn by seed from the Cresci 2015 data: 1,481 genuine accounts, 1,337 bought ones."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from networks.connectors.base import Person

NAME = Path("fake-followers") / "cresci2015_e13_int_numeric.csv"


class Profiles:
    """Draws from one random sequence, the same for the same seed."""

    def __init__(self, path: Path, seed: int, now: datetime) -> None:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        self._rows = {
            "genuine": [row for row in rows if row["fake"] == "0"],
            "bought": [row for row in rows if row["fake"] == "1"],
        }
        self._chance = Random(seed)  # noqa: S311
        self._now = now

    def draw(self, kind: str, key: str, host: str) -> Person:
        """A person of `kind` (genuine or bought) with one row's age and figures."""
        row = self._chance.choice(self._rows[kind])
        return Person(
            key=key,
            handle=f"@{key}",
            host=host,
            created_at=self._now - timedelta(days=int(row["age_days"])),
            followers=int(row["followers_count"]),
            following=int(row["friends_count"]),
            posts=int(row["statuses_count"]),
        )
