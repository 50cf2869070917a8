"""Means of resampled customers, as a check on formulas that lean on the normal."""

from __future__ import annotations

import numpy as np

from churnkit.experiments.intervals import FloatArray, as_values
from churnkit.results.interval import Interval

RESAMPLES = 2000
SEED = 42


def resampled_means(values: FloatArray, rng: np.random.Generator, resamples: int = RESAMPLES) -> FloatArray:
    """Means of ``resamples`` draws with replacement, shape (resamples,).

    Most customers bring nothing: how many of a draw bring something is binomial, and only those are drawn.
    """
    paying = values[values != 0]
    if len(paying) == 0:
        return np.zeros(resamples)
    counts = rng.binomial(len(values), len(paying) / len(values), size=resamples)
    sums = [float(paying[rng.integers(0, len(paying), size=count)].sum()) for count in counts]
    return np.array(sums) / len(values)


def bootstrap_difference(
    values: FloatArray, base: FloatArray, *, alpha: float = 0.05, seed: int = SEED, resamples: int = RESAMPLES
) -> tuple[Interval, Interval | None]:
    """Difference of means, and ratio of means minus 1, by the percentile bootstrap within each arm (Efron 1979).

    The ratio is None where a mean of ``base`` is not above 0 in all but ``alpha / 2`` of the draws, since it has no
    bounds then.
    """
    one, two = as_values(values), as_values(base)
    rng = np.random.default_rng(seed)
    drawn, drawn_base = resampled_means(one, rng, resamples), resampled_means(two, rng, resamples)
    tails = [alpha / 2, 1 - alpha / 2]
    low, high = np.quantile(drawn - drawn_base, tails)
    difference = Interval(float(one.mean() - two.mean()), float(low), float(high))
    if two.mean() <= 0 or (drawn_base <= 0).mean() > alpha / 2:
        return difference, None
    positive = drawn_base > 0
    low, high = np.quantile(drawn[positive] / drawn_base[positive] - 1, tails)
    return difference, Interval(float(one.mean() / two.mean() - 1), float(low), float(high))
