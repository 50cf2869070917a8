"""Differences between two arms with their intervals."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from churnkit.errors import DataError
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import MeanDifference
from churnkit.text import figures

FloatArray = NDArray[np.float64]

ALPHA = 0.05
MIN_PER_ARM = 2


def wilson(successes: int, count: int, alpha: float = ALPHA) -> Interval:
    """A proportion with its score interval (Wilson 1927).

    Examples
    --------
    >>> found = wilson(5, 10)
    >>> (found.value, round(found.low, 3), round(found.high, 3))
    (0.5, 0.237, 0.763)
    """
    _require_counts(successes, count)
    z = NormalDist().inv_cdf(1 - alpha / 2)
    rate = successes / count
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    # Rounding must not push a bound of 0 of n or n of n past 0 or 1.
    low = 0.0 if successes == 0 else max(middle - half, 0.0)
    high = 1.0 if successes == count else min(middle + half, 1.0)
    return Interval(rate, low, high)


def difference_of_proportions(
    successes: int, count: int, base_successes: int, base_count: int, alpha: float = ALPHA
) -> Interval:
    """First proportion minus the second (the base): Newcombe's hybrid score interval (1998, method 10).

    Wald's interval covers too seldom where an arm is small or a rate near 0 or 1, as both are in a holdout, and it
    has no width at all where nobody bought; this one stays within [-1, 1] and keeps its level.
    """
    one, base = wilson(successes, count, alpha), wilson(base_successes, base_count, alpha)
    value = one.value - base.value
    down = math.hypot(one.value - one.low, base.high - base.value)
    up = math.hypot(one.high - one.value, base.value - base.low)
    return Interval(value, value - down, value + up)


def newcombe_sides(successes: FloatArray, count: int, alpha: float = ALPHA) -> tuple[FloatArray, FloatArray]:
    """How far each proportion lies above the lower and below the upper bound of its :func:`wilson`.

    :func:`difference_of_proportions` goes down by the first side of one arm and the second of the base, as the sides
    of a right angle.
    """
    z = NormalDist().inv_cdf(1 - alpha / 2)
    rate = successes / count
    shift = (rate + z * z / (2 * count)) / (1 + z * z / count) - rate
    half = z / (1 + z * z / count) * np.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    # The bounds end at 0 and 1.
    return np.minimum(half - shift, rate), np.minimum(half + shift, 1 - rate)


def ratio_of_proportions(
    successes: int, count: int, base_successes: int, base_count: int, alpha: float = ALPHA
) -> Interval | None:
    """First proportion over the second: limits recovered from the two score intervals (Donner and Zou 2012).

    None when the second is 0, where no ratio exists.
    """
    one, base = wilson(successes, count, alpha), wilson(base_successes, base_count, alpha)
    if base_successes == 0:
        return None
    product = one.value * base.value
    # p^2 minus the squared distance to a limit, for the limits that meet in the lower and in the upper bound.
    low_one, high_one = (x * (2 * one.value - x) for x in (one.low, one.high))
    low_base, high_base = (x * (2 * base.value - x) for x in (base.low, base.high))
    down = math.sqrt(max(product**2 - low_one * high_base, 0.0))
    up = math.sqrt(max(product**2 - high_one * low_base, 0.0))
    low = low_one / (product + down) if successes > 0 else 0.0
    return Interval(one.value / base.value, low, (product + up) / low_base)


def difference_of_means(values: ArrayLike, base: ArrayLike, alpha: float = ALPHA) -> MeanDifference:
    """Mean of ``values`` minus mean of ``base`` by Welch (1947), variances unequal.

    Raises
    ------
    DataError
        If an arm has fewer than ``MIN_PER_ARM`` customers or a value that is not finite.
    """
    from scipy.special import stdtr, stdtrit

    one, two = as_values(values), as_values(base)
    parts = one.var(ddof=1) / len(one), two.var(ddof=1) / len(two)
    error = math.sqrt(sum(parts))
    value = float(one.mean() - two.mean())
    if error == 0:
        return _mean_difference(Interval(value, value, value), 0.0, math.inf, float(value == 0))
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(one) - 1) + parts[1] ** 2 / (len(two) - 1))
    half = float(stdtrit(freedom, 1 - alpha / 2)) * error
    p = 2 * float(stdtr(freedom, -abs(value) / error))
    return _mean_difference(Interval(value, value - half, value + half), error, float(freedom), p)


def _mean_difference(interval: Interval, error: float, freedom: float, p: float) -> MeanDifference:
    return MeanDifference(interval=interval, standard_error=error, degrees_of_freedom=freedom, p_value=p)


def as_values(values: ArrayLike) -> FloatArray:
    """An arm's values as floats, shape (n,); a DataError when there are too few or one is not finite."""
    found = np.asarray(values, dtype=float)
    if found.size < MIN_PER_ARM:
        raise DataError(
            f"Comparing two groups: each must have {MIN_PER_ARM} customers or more, found {found.size}.",
            "Leave out more customers for comparison, or wait for more results.",
        )
    if not np.isfinite(found).all():
        raise DataError(
            f"Comparing two groups: every value must be finite, but {figures.count(int((~np.isfinite(found)).sum()))} of"
            f" {figures.count(found.size)} are not.",
            "Correct the results.",
        )
    return found


def _require_counts(successes: int, count: int) -> None:
    if count < 1 or not 0 <= successes <= count:
        raise DataError(
            f"Computing a share: there must be 1 customer or more and at most as many successes, found {successes} of"
            f" {count}.",
            "Check that both groups have results.",
        )
