"""What calibrated probabilities say of themselves before any outcome is known.

True only if they are still right: these figures cannot see that customers have begun to behave otherwise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from churnkit.metrics.inputs import FloatArray, equal_mass_starts


def expected_auc(p: ArrayLike) -> float:
    """AUC that probabilities have if each is right; NaN where they leave nothing to rank.

    The expected number of pairs of a leaver and a stayer in order, over that of all such pairs, a tie counting one
    half: O(n log n) by cumulative sums (Garg et al. 2022 call such estimates confidence-based).

    Parameters
    ----------
    p
        Shape (n,), calibrated, in [0, 1].

    Examples
    --------
    >>> expected_auc([0.5, 0.5])
    0.5
    >>> round(expected_auc([0.9, 0.1]), 3)
    0.988
    """
    ordered = np.sort(np.asarray(p, dtype=float))
    if ordered.size == 0:
        return float("nan")
    distinct, count = np.unique(ordered, return_counts=True)
    stay = np.concatenate([[0.0], np.cumsum(1 - ordered)])
    first = np.searchsorted(ordered, distinct)
    low, high = stay[first], stay[first + count]
    self_pairs = float((ordered * (1 - ordered)).sum())
    won = (count * distinct * low).sum() + 0.5 * (count * distinct * (high - low)).sum() - 0.5 * self_pairs
    pairs = ordered.sum() * (1 - ordered).sum() - self_pairs
    return float(won / pairs) if pairs > 0 else float("nan")


def ece_by_chance(p: ArrayLike, *, bins: int = 10, draws: int = 200, seed: int = 0) -> float:
    """The calibration error that exactly right probabilities stay below in 19 of 20 cases.

    Outcomes are drawn from ``p`` itself; any error above this is more than chance.

    Examples
    --------
    >>> ece_by_chance([0.0, 1.0])
    0.0
    """
    ordered: FloatArray = np.sort(np.asarray(p, dtype=float))
    if ordered.size == 0:
        return float("nan")
    starts = equal_mass_starts(ordered.size, bins)
    expected = np.add.reduceat(ordered, starts)
    rng = np.random.default_rng(seed)
    errors = [
        np.abs(np.add.reduceat((rng.random(ordered.size) < ordered).astype(float), starts) - expected).sum()
        for _ in range(draws)
    ]
    return float(np.quantile(errors, 0.95) / ordered.size)
