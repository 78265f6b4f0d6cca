"""The day files of the nights before, by the product's own writer.

From PostgreSQL where it has all rows; else straight from the model, so that a measurement of a
hundred million reactions needs no hundred million rows of PostgreSQL. The night that is measured
writes its own part from PostgreSQL in any case.
"""

import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
from django.db import connection

from benchmarks import night_model as model
from benchmarks.night_rows import recorded_seconds
from scoring.day_files.held import ALL_HELD, BEGINNING, EPOCH, Held, Stretch
from scoring.day_files.keeping import happened_from, keeper
from scoring.day_files.writing import Writer
from scoring.file_models import DayFile
from scoring.rule import WINDOW_DAYS

MICROSECONDS = 1_000_000


def write_from_postgres(upto: datetime) -> None:
    with keeper() as one:
        one.bring_up_to(upto)


def write_from_model(accounts: model.Accounts, in_all: int, on: date, nights: int) -> None:
    """One part for each of the first `nights` days of the window, recorded the night after."""
    outreach = by_day(model.outreach(accounts, in_all))
    with keeper() as one:
        after = BEGINNING
        for day in range(nights):
            upto = end_of(on, day)
            rows = {"reactions": reactions_of(accounts, in_all, day), "outreach": outreach[day]}
            source = _FromModel(one.writer, on, rows)
            stretch = Stretch(after, upto, happened_from(upto))
            DayFile.objects.create(after=after, upto=upto, manifest=source.write(stretch))
            after = upto


def end_of(on: date, day: int) -> datetime:
    """The cut-off of the night after a day of the window: at three, when all is recorded."""
    midnight = datetime.combine(on, datetime.min.time(), BEGINNING.tzinfo)
    return midnight - timedelta(days=WINDOW_DAYS - 1 - day) + timedelta(hours=3)


def reactions_of(accounts: model.Accounts, in_all: int, day: int) -> list[model.Rows]:
    return list(model.reactions_of_day(accounts, in_all, day, model.per_day(in_all)[day]))


def by_day(rows: Iterable[model.Rows]) -> list[list[model.Rows]]:
    """Rows by the day on which they happened."""
    found: list[list[model.Rows]] = [[] for _ in range(WINDOW_DAYS)]
    for some in rows:
        order = np.argsort(some.day, kind="stable")
        cuts = np.searchsorted(some.day[order], np.arange(WINDOW_DAYS + 1))
        for day in range(WINDOW_DAYS):
            place = order[cuts[day] : cuts[day + 1]]
            found[day].append(some.at(place))
    return found


class _FromModel(Writer):
    """A writer whose rows come from the model."""

    def __init__(self, other: Writer, on: date, rows: dict[str, list[model.Rows]]) -> None:
        super().__init__(other.folder, other.work, other._engine)
        self._on, self._rows = on, rows

    def _copy(self, held: Held, stretch: Stretch, shards: int, which: list[int]) -> int:
        del stretch, shards, which  # The rows that were given are those of one night.
        some = model.together(self._rows[held.name])
        _, recorded = recorded_seconds(some, self._on)
        first_day = (self._on - EPOCH).days - WINDOW_DAYS
        values = {
            "account_id": some.account,
            "responder": some.person,
            "target": some.person,
            "standing": some.standing,
            "happened_day": some.day + first_day,
            "recorded": recorded * MICROSECONDS,
        }
        self._engine.take_columns("rows", {name: values[name] for name in held.columns})
        return len(some.account)


def read_once() -> float:
    """Seconds to read every column of all files of the window, and to do no more than add up."""
    with keeper() as one:
        parts = [part.manifest for part in one.look() if part.manifest]
        files = [
            [str(one.place_of(file)) for part in parts for file in part.tables[held.name].files]
            for held in ALL_HELD
        ]
        with duckdb.connect() as con:
            began = time.perf_counter()
            for held, places in zip(ALL_HELD, files, strict=True):
                sums = ", ".join(f"sum({name}::HUGEINT)" for name in held.columns)
                con.execute(f"SELECT {sums} FROM read_parquet($1)", [places]).fetchall()  # noqa: S608
            return time.perf_counter() - began


def write_new(on: date, nights: int) -> float:
    """Seconds to write the part of the last nights of the window; it does not come to count."""
    last = WINDOW_DAYS - 1
    upto = end_of(on, last)
    with keeper() as one:
        began = time.perf_counter()
        one.writer.write(Stretch(end_of(on, last - nights), upto, happened_from(upto)))
        return time.perf_counter() - began


def forget_night(cut_off_before: datetime) -> None:
    """Back to the evening before: no part of this night, no scores."""
    DayFile.objects.filter(upto__gt=cut_off_before).delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE scoring_score, scoring_contribution, scoring_night CASCADE")
