"""How true probabilities are: proper scores and calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from churnkit.metrics.inputs import by_descending_score, equal_mass_starts, read_probabilities

LOG_LOSS_CLIP = 1e-15


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Mean squared difference between outcome (0 or 1) and probability, in [0, 1].

    Examples
    --------
    >>> brier([1, 0], [0.5, 0.0])
    0.125
    """
    labels, probability = read_probabilities(y, p)
    return float(np.mean((labels - probability) ** 2))


def log_loss(y: ArrayLike, p: ArrayLike) -> float:
    """Mean negative log-likelihood in nats, >= 0; ``p`` is clipped to [1e-15, 1 - 1e-15] first.

    A certain and wrong prediction thus costs 34.5 instead of infinity.

    Examples
    --------
    >>> round(log_loss([1, 0], [0.5, 0.5]), 4)
    0.6931
    """
    labels, probability = read_probabilities(y, p)
    clipped = np.clip(probability, LOG_LOSS_CLIP, 1 - LOG_LOSS_CLIP)
    return float(-np.mean(labels * np.log(clipped) + (1 - labels) * np.log1p(-clipped)))


@dataclass(frozen=True)
class ReliabilityBin:
    """Customers of similar predicted probability: the mean prediction and the share who churned."""

    count: int
    p_mean: float
    observed: float


def reliability_table(y: ArrayLike, p: ArrayLike, bins: int = 10) -> tuple[ReliabilityBin, ...]:
    """Equal-mass bins from the lowest to the highest probability, sizes differing by one at most.

    Equal probabilities may fall into two bins; each such customer then counts with the tie's churn rate, so
    that the table does not depend on the order of rows. Fewer bins when there are fewer customers.

    Raises
    ------
    ModelError
        ``bins`` below 1, or values that are not labels and probabilities.
    """
    labels, probability = read_probabilities(y, p)
    starts = equal_mass_starts(labels.size, bins)
    ends = np.append(starts[1:], labels.size)
    ordered = np.sort(probability)
    observed = by_descending_score(probability, labels)[0][::-1]
    return tuple(
        ReliabilityBin(
            count=int(end - start),
            p_mean=float(ordered[start:end].mean()),
            observed=float(observed[start:end].mean()),
        )
        for start, end in zip(starts, ends, strict=True)
    )


def ece(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error, in [0, 1], over the equal-mass bins of ``reliability_table``.

    The mean over customers of |observed - predicted| of their bin (Guo et al. 2017, equation 3). Always state
    the number of bins beside it: more bins give a larger figure on the same predictions.

    Examples
    --------
    >>> ece([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5], bins=1)
    0.25
    """
    table = reliability_table(y, p, bins)
    gaps = [row.count * abs(row.observed - row.p_mean) for row in table]
    return sum(gaps) / sum(row.count for row in table)
