"""Prediction intervals of single customers from what happened to like forecasts in the past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COVERAGE = 0.8
NORMAL_QUANTILE = 1.2815515655446004
"""Standard deviations to each side that hold 80 % of a normal distribution."""
_BINS = 10
_MIN_BIN_ROWS = 20


@dataclass(frozen=True)
class Bands:
    """Upper edges of forecast bins, and the 10 % and 90 % quantiles of actual / forecast in each; shape (bins,)."""

    edges: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def interval(self, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """80 % prediction interval around each of ``expected``, which it holds; same unit and shape."""
        position = np.minimum(np.searchsorted(self.edges, expected), len(self.edges) - 1)
        low, high = expected * self.low[position], expected * self.high[position]
        return np.minimum(low, expected), np.maximum(high, expected)


def fit_bands(actual: np.ndarray, forecast: np.ndarray) -> Bands:
    """Bins of like size by forecast: ten, fewer where they would hold fewer than 20 rows."""
    order = np.argsort(forecast, kind="stable")
    bins = max(1, min(_BINS, len(order) // _MIN_BIN_ROWS))
    edges, low, high = [], [], []
    for rows in np.array_split(order, bins):
        ratio = actual[rows] / np.maximum(forecast[rows], 1e-9)
        edges.append(forecast[rows].max())
        low.append(max(0.0, np.quantile(ratio, (1 - COVERAGE) / 2)))
        high.append(max(0.0, np.quantile(ratio, 1 - (1 - COVERAGE) / 2)))
    return Bands(np.array(edges), np.array(low), np.array(high))
