"""From the codes of single people to the tally of each account, for many accounts at once. Pure.

The same as `tallies.encode`, but that a cell is in one number however many people are in it.
"""

import numpy as np
import pyarrow as pa

from scoring.expressions import SUMS
from scoring.rule import WINDOW_DAYS
from scoring.tallies import AGE_PLACE, PEOPLE_PLACE

# Room for each code, and for each number of a tally, beside the number of its row in 64 bits: for
# 131,072 accounts at a time (an engine hands out some 50,000) with seven thousand million people in
# a cell.
CODE_BITS = (WINDOW_DAYS * AGE_PLACE).bit_length()
NUMBER_BITS = 46


def with_tallies(sums: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of `expressions.account_sums` as SUMS has them: the tally in place of the codes."""
    lists = sums["codes"]
    rows = np.repeat(np.arange(len(sums)), np.diff(lists.offsets.to_numpy()))
    persons = np.sort(rows << CODE_BITS | lists.flatten().to_numpy())
    first = np.flatnonzero(np.diff(persons, prepend=-1))
    people = np.diff(first, append=len(persons))
    row, code = np.divmod(persons[first], 1 << CODE_BITS)
    numbers = np.sort(row << NUMBER_BITS | people * PEOPLE_PLACE + code)
    ends = np.cumsum(np.bincount(row, minlength=len(sums)))
    tally = pa.ListArray.from_arrays(
        pa.array(np.concatenate([[0], ends]), pa.int32()),
        pa.array(numbers & ((1 << NUMBER_BITS) - 1)),
    )
    columns = {name: sums[name] for name in sums.schema.names if name != "codes"} | {"tally": tally}
    return pa.record_batch([columns[name] for name in SUMS], schema=SUMS.to_pyarrow())
