"""Figures of an evaluation: areas, errors, percentiles. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Numbers = NDArray[np.float64]


def area(values: Sequence[float] | Numbers, chosen: Sequence[bool] | NDArray[np.bool_]) -> float:
    """How often a chosen one has the larger value than another; ties count half (AUC)."""
    flags = np.asarray(chosen, dtype=bool)
    ranks = rankdata(np.asarray(values, dtype=float))
    first, rest = int(flags.sum()), int((~flags).sum())
    return float((ranks[flags].sum() - first * (first + 1) / 2) / (first * rest))


def area_of_pairs(differences: Numbers, chosen: NDArray[np.bool_]) -> float:
    """AUC of telling which of two was chosen; both orders of each pair are counted."""
    return area(np.concatenate([differences, -differences]), np.concatenate([chosen, ~chosen]))


def percentile_among(value: float, others: Sequence[float]) -> float:
    """Which part of `others` is below, 0 to 100; equal ones count half."""
    values = np.asarray(others, dtype=float)
    return float(100 * ((values < value).mean() + (values == value).mean() / 2))
