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


@dataclass(frozen=True)
class BuyerBands:
    """What buyers brought as a share of what was expected of them if they buy, by bins of the latter; shape (bins,).

    ``low`` and ``high`` hold the middle 80 % of them, ``high_alone`` the lower 80 %.
    """

    edges: np.ndarray
    low: np.ndarray
    high: np.ndarray
    high_alone: np.ndarray

    def interval(self, if_buying: np.ndarray, p_churn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """80 % prediction interval of each customer's spend, from 0 where more than one in ten such buy nothing.

        Four in five of those who buy lie inside, so where many buy nothing it holds more than 80 % of all: nothing is one
        of its values, and cannot be half in it.
        """
        position = np.minimum(np.searchsorted(self.edges, if_buying), len(self.edges) - 1)
        surely = p_churn < (1 - COVERAGE) / 2
        low = np.where(surely, if_buying * self.low[position], 0.0)
        return low, if_buying * np.where(surely, self.high[position], self.high_alone[position])


def fit_buyer_bands(actual: np.ndarray, if_buying: np.ndarray) -> BuyerBands | None:
    """Bins of like size by ``if_buying`` of those who spent anything: ten, fewer where they would hold fewer than 20.

    None where nobody did.
    """
    bought = (actual > 0) & (if_buying > 0)
    spend, expected = actual[bought], if_buying[bought]
    if not len(spend):
        return None
    order = np.argsort(expected, kind="stable")
    parts = np.array_split(order, max(1, min(_BINS, len(order) // _MIN_BIN_ROWS)))
    tail = (1 - COVERAGE) / 2
    found = np.array([np.quantile(spend[p] / expected[p], [tail, 1 - tail, COVERAGE]) for p in parts])
    return BuyerBands(np.array([expected[p].max() for p in parts]), found[:, 0], found[:, 1], found[:, 2])
