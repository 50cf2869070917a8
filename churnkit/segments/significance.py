"""Whether two groups differ by more than chance: Welch's t, Mann and Whitney's U, Holm's correction.

Written here rather than taken from ``scipy.stats``, whose import alone takes longer than a page may.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Tested:
    """A two-sided test: its p-value and the size of the difference in the test's own terms.

    Attributes
    ----------
    p_value
        Probability of a difference at least as large by chance; 1 where both groups are constant and equal.
    effect
        Welch: difference of the means, a - b. Mann-Whitney: probability that a random one of a lies above a
        random one of b, ties counting half; 0.5 is no difference.
    low, high
        95 % confidence interval of the difference of means; None for Mann-Whitney.
    """

    p_value: float
    effect: float
    low: float | None = None
    high: float | None = None


def welch(a: FloatArray, b: FloatArray) -> Tested:
    """Welch's t-test (1947) of two means with variances of their own; both groups need two values or more."""
    from scipy.special import stdtr, stdtrit

    difference = float(a.mean() - b.mean())
    spread_a, spread_b = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    spread = float(spread_a + spread_b)
    if spread == 0:
        return Tested(1.0 if difference == 0 else 0.0, difference, difference, difference)
    freedom = spread**2 / (spread_a**2 / (len(a) - 1) + spread_b**2 / (len(b) - 1))
    error = math.sqrt(spread)
    p_value = 2 * float(stdtr(freedom, -abs(difference) / error))
    reach = float(stdtrit(freedom, 0.975)) * error
    return Tested(p_value, difference, difference - reach, difference + reach)


def mann_whitney(a: FloatArray, b: FloatArray) -> Tested:
    """Mann and Whitney's U (1947) by the normal approximation, corrected for ties and continuity.

    The approximation is good from some eight values a group on.
    """
    both = np.concatenate([a, b])
    ordered = np.sort(both)
    below = np.searchsorted(ordered, both, side="left")
    up_to = np.searchsorted(ordered, both, side="right")
    ranks = (below + up_to + 1) / 2
    n, m = len(a), len(b)
    u = float(ranks[:n].sum()) - n * (n + 1) / 2
    counts = np.unique(ordered, return_counts=True)[1].astype(float)
    total = n + m
    ties = float((counts**3 - counts).sum()) / (total * (total - 1))
    variance = n * m / 12 * (total + 1 - ties)
    effect = u / (n * m)
    if variance <= 0:
        return Tested(1.0, effect)
    z = max(abs(u - n * m / 2) - 0.5, 0.0) / math.sqrt(variance)
    return Tested(math.erfc(z / math.sqrt(2)), effect)


def holm(p_values: FloatArray) -> FloatArray:
    """P-values corrected for having asked many questions (Holm 1979), shape (n,), in the order given.

    Below a level of 5 % the probability of even one false alarm among all n is at most 5 %.
    """
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * (len(p_values) - np.arange(len(p_values)))
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted
