"""What the tests of the day files do again and again."""

from datetime import timedelta
from io import BytesIO

import pyarrow.parquet as pq

from scoring.day_files.keeping import keeper
from scoring.inputs import Wanted
from scoring.services.compute import computed
from scoring.services.workplace import passing_workplace

A_DAY = timedelta(days=1)


def scored(on, cut_off_at, *, from_files):
    """What a night would store, to the byte."""
    wanted = Wanted([on], cut_off_at, from_files=from_files)
    with passing_workplace() as place, computed(wanted, place) as done:
        return done.scores_file.read_bytes(), done.contributions_file.read_bytes()


def score_rows(on, cut_off_at):
    """The rows of the scores themselves, from the files."""
    return pq.read_table(BytesIO(scored(on, cut_off_at, from_files=True)[0])).to_pylist()


def same_as_postgres(moment):
    by_files = scored(moment.date(), moment, from_files=True)
    return by_files == scored(moment.date(), moment, from_files=False)


def write_up_to(moment):
    with keeper() as one:
        one.bring_up_to(moment)
        return one.notes
