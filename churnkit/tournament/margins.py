"""Every candidate speaks in log-odds of churn: one scale to blend, calibrate and explain on."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

P_MIN = 1e-4


def to_logit(p: ArrayLike) -> np.ndarray:
    """Log-odds of probabilities clipped to [1e-4, 1 - 1e-4]."""
    margin: np.ndarray = logit(np.clip(np.asarray(p, dtype=float), P_MIN, 1 - P_MIN))
    return margin


def to_probability(margin: np.ndarray) -> np.ndarray:
    """Probability of log-odds."""
    p: np.ndarray = expit(margin)
    return p


def shift_to_mean(margin: np.ndarray, mean: float) -> float:
    """Constant d such that the mean of expit(margin + d) is ``mean`` (clipped to [0.001, 0.999])."""
    target = min(max(mean, 0.001), 0.999)
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if expit(margin + middle).mean() < target:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def row_losses(margin: np.ndarray, churned: np.ndarray) -> np.ndarray:
    """Log loss of each row, shape (n,), of log-odds and outcomes."""
    losses: np.ndarray = np.logaddexp(0.0, margin) - churned * margin
    return losses


def paired(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float]:
    """Mean of ``ours - theirs`` (n,) and its standard error; the error of a single row is infinite."""
    difference = ours - theirs
    if len(difference) < 2:
        return float(difference.mean()), float("inf")
    return float(difference.mean()), float(difference.std(ddof=1)) / float(np.sqrt(len(difference)))
