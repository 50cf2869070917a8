"""How far the values of customers have moved, beside what chance and the shop's own habit move them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2

from churnkit.metrics.drift import Shift, shift

LARGE = 0.2
"""PSI from which on a shift is large, by custom; it must lie beyond chance and habit as well."""
# One in a thousand: with sixty features compared, chance alone still passes it hardly ever.
_SURE = 0.999
# A pair of earlier dates tells of habit if it lies as far apart as the two compared, give or take this share.
_AS_FAR = 0.5
_PAIRS = 4
# An index of so many customers is as good as that of all.
SAMPLE = 20_000


def chance_bound(bins: int, reference_size: int, actual_size: int) -> float:
    """PSI that two samples of the same customers' values stay below in 999 of 1,000 cases.

    Without a shift, PSI over (1/n + 1/m) is distributed as chi-squared with one degree less than there are bins
    (Yurdakul 2018).

    Examples
    --------
    >>> round(chance_bound(10, 100, 100), 2), round(chance_bound(10, 100_000, 100_000), 4)
    (0.56, 0.0006)
    """
    if bins < 2:
        return 0.0
    return float(chi2.ppf(_SURE, bins - 1)) * (1 / reference_size + 1 / actual_size)


def shifted(reference: ArrayLike, actual: ArrayLike) -> tuple[Shift, float]:
    """The shift between two populations' values, and what chance stays below."""
    before, now = _some(reference), _some(actual)
    found = shift(before, now)
    return found, chance_bound(found.bins, len(before), len(now))


def habit_pairs(dates: Sequence[datetime], distance: timedelta) -> tuple[tuple[datetime, datetime], ...]:
    """Pairs of earlier dates about ``distance`` apart, the latest four at most.

    Examples
    --------
    >>> dates = [datetime(2024, month, 1) for month in (1, 2, 3, 6)]
    >>> [(a.month, b.month) for a, b in habit_pairs(dates, timedelta(days=31))]
    [(1, 2), (2, 3)]
    """
    ordered = sorted(dates)
    pairs = [
        (first, second)
        for place, first in enumerate(ordered)
        for second in ordered[place + 1 :]
        if abs((second - first) - distance) <= _AS_FAR * distance
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0]))[-_PAIRS:])


def habit(values: pd.Series, dates: pd.Series, pairs: Sequence[tuple[datetime, datetime]]) -> float | None:
    """The largest PSI between the dates of ``pairs``; None where there are none with customers on both.

    Parameters
    ----------
    values, dates
        Of one row for each customer and date.
    """
    found = []
    for first, second in pairs:
        before, now = values[dates == first], values[dates == second]
        if len(before) and len(now):
            found.append(shift(_some(before), _some(now)).psi)
    return max(found, default=None)


def is_large(psi: float, chance: float, usual: float | None) -> bool:
    """Whether a shift is large, more than chance, and more than the shop has seen between earlier dates."""
    return psi > LARGE and psi > chance and (usual is None or psi > usual)


def _some(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array if len(array) <= SAMPLE else array[:: -(-len(array) // SAMPLE)]
