"""Spend of a stretch of days as a sum of parts, each of which can only add."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from churnkit.results.year_forecast import YearShares

# Variance of spend grows about as the mean to this power (compound Poisson; Jorgensen 1987). It keeps a few large
# customers from deciding what holds for the many.
_POWER = 1.5
_ROUNDS = 12
_LEAST_MEAN = 0.02
MIN_ROWS = 30

DEFAULT_KEPT = YearShares(pace=0.5, own=0.5, base=0.0)
DEFAULT_LOST = YearShares(pace=0.0, own=0.5, base=0.0)
"""Where too few rows are known to learn from: half the pace and half the own record."""


def fit_shares(
    pace: np.ndarray, own: np.ndarray, weight: np.ndarray, spend: np.ndarray, default: YearShares
) -> YearShares:
    """``spend`` as ``weight * (pace share * pace + own share * own + base)`` with shares of 0 or more.

    Quasi-likelihood with identity link and variance mean^1.5, by reweighted least squares without negative parts
    (Lawson and Hanson 1974). All of shape (n,), money but for ``weight``.
    """
    mean = float(np.clip(spend, 0.0, None).mean()) if len(spend) else 0.0
    if len(spend) < MIN_ROWS or mean <= 0:
        return default
    parts = np.column_stack([weight * pace, weight * own, weight * mean])
    expected = np.full(len(spend), mean)
    found = np.zeros(3)
    for _ in range(_ROUNDS):
        root = np.maximum(expected, _LEAST_MEAN * mean) ** (-_POWER / 2)
        scaled = parts * root[:, None]
        found = _least_squares(scaled, np.clip(spend, 0.0, None) * root)
        expected = parts @ found
    return YearShares(pace=float(found[0]), own=float(found[1]), base=float(found[2] * mean))


def _least_squares(parts: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Non-negative least squares by the normal equations: three columns, however many rows."""
    size = np.maximum(np.linalg.norm(parts, axis=0), 1e-12)
    gram = (parts / size).T @ (parts / size) + 1e-9 * np.eye(parts.shape[1])
    lower = np.linalg.cholesky(gram)
    right = np.linalg.solve(lower, (parts / size).T @ target)
    found: np.ndarray = nnls(lower.T, right)[0] / size
    return found


def combine(shares: YearShares, pace: np.ndarray, own: np.ndarray, weight: np.ndarray | float) -> np.ndarray:
    """The sum of parts, money, shape (n,)."""
    total: np.ndarray = weight * (shares.pace * pace + shares.own * own + shares.base)
    return total
