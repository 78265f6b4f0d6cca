"""The day files held against PostgreSQL: counts, and the sum of every column, day by day."""

from collections.abc import Iterator

from django.db import connection

from scoring.day_files.held import ALL_HELD, Held, day_of
from scoring.day_files.keeping import Keeper, Part
from scoring.day_files.manifest import Days


def differences(keeper: Keeper) -> Iterator[str]:
    """What differs, a sentence for each day; nothing if the files hold what PostgreSQL has.

    The files themselves are read, not what their manifests say of them.
    """
    for part in keeper.parts:
        if part.manifest is None:
            yield f"{part.row}: the manifest is missing or cannot be read."
            continue
        damaged = [one.name for one in part.manifest.files() if not keeper.is_as_written(one)]
        if damaged:
            yield f"{part.row}: missing or damaged: {', '.join(damaged)}."
            continue
        for held in ALL_HELD:
            places = [str(keeper.place_of(one)) for one in part.manifest.tables[held.name].files]
            yield from _compared(part, held, keeper.writer.sums_of(held, places))


def _compared(part: Part, held: Held, found: Days) -> Iterator[str]:
    there = _in_postgres(part, held)
    for day in sorted(found.keys() | there.keys()):
        if found.get(day) != there.get(day):
            yield (
                f"{part.row}: of {held.name} that happened on {day_of(day)} "
                f"PostgreSQL has {_told(held, there.get(day))}, "
                f"the files {_told(held, found.get(day))}."
            )


def _told(held: Held, figures: tuple[int, ...] | None) -> str:
    if figures is None:
        return "none"
    sums = ", ".join(
        f"{name} {figure}" for name, figure in zip(held.summed, figures[1:], strict=True)
    )
    return f"{figures[0]} (sums: {sums})"


def _in_postgres(part: Part, held: Held) -> Days:
    with connection.cursor() as cursor:
        cursor.execute(held.days_sql(), part.stretch.values())
        return {day: tuple(map(int, figures)) for day, *figures in cursor.fetchall()}
