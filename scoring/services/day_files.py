"""What is done with the day files outside the night: changes, the check, writing all anew."""

from dataclasses import dataclass
from datetime import datetime

from scoring.day_files.checking import differences
from scoring.day_files.keeping import keeper, rewrite_changed
from scoring.file_models import DayFile, DayFileChange
from scoring.services.night import SETTLES_WITHIN

__all__ = ["Checked", "check_day_files", "rebuild_day_files", "rewrite_changed"]


@dataclass(frozen=True)
class Checked:
    """What a check found: how much there is, what waits to be written, what differs."""

    parts: int
    rows: int
    waiting: int
    differences: list[str]


def check_day_files() -> Checked:
    """Hold the files against PostgreSQL; nothing is changed. Waits while others are at them."""
    with keeper(fetches=True) as one:
        waiting = DayFileChange.objects.count()
        parts = one.look()
        rows = sum(part.manifest.rows for part in parts if part.manifest)
        return Checked(len(parts), rows, waiting, list(differences(one)))


def rebuild_day_files(now: datetime) -> Checked:
    """Write all of them anew, up to where they reached, and check them."""
    newest = DayFile.objects.order_by("upto").last()
    with keeper() as one:
        one.rebuild(newest.upto if newest else now - SETTLES_WITHIN)
    return check_day_files()
