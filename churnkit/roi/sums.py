"""Sums over the contacted customers at every level of churn: all that an outcome needs to know about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from churnkit.roi.draws import FloatArray, draws, interpolation, level_nodes

ONE, VALUE, ORDER, VALUE_SQUARE, VALUE_ORDER, ORDER_SQUARE = range(6)

_LOGIT_LIMIT = 1e-6
_MAX_WIDENING = 4.0
# Below this share of the customers their rows are picked; above it all rows are weighted by 0 or 1.
_PICK_SHARE = 0.125


@dataclass(frozen=True)
class Sums:
    """Sums over customers of 1, v, o, v^2, v o and o^2 (columns ``ONE`` .. ``ORDER_SQUARE``).

    v is the revenue of a kept customer's year and o that of an order. ``plain`` (6,) sums them as they are, ``p``
    (m, 6) times the churn probability and ``pp`` (m, 6) times its square, each row at another level of churn.
    """

    plain: FloatArray
    p: FloatArray
    pp: FloatArray


@dataclass(frozen=True)
class ExpectedSums:
    """Sums of 1, v and o as they are and times the churn probability, shape (3,), in double precision."""

    plain: FloatArray
    p: FloatArray


class SumTable:
    """Prepared customers: their sums for any choice of them cost two small matrix products.

    Parameters
    ----------
    p_churn, value, order_value
        Shape (n,).
    level_sd
        Standard error of the log-odds of the overall churn rate.
    """

    def __init__(
        self, p_churn: FloatArray, value: FloatArray, order_value: FloatArray, level_sd: float
    ) -> None:
        self._p = p_churn
        ones = np.ones_like(value)
        self._means = np.stack([ones, value, order_value])
        squares = np.stack([value**2, value * order_value, order_value**2])
        sd = level_sd * _widening(p_churn)
        nodes = level_nodes(sd)
        self._weights = interpolation(nodes, sd * draws().level)
        clipped = np.clip(p_churn, _LOGIT_LIMIT, 1 - _LOGIT_LIMIT)
        logit = np.log(clipped / (1 - clipped))
        at_nodes = (1 / (1 + np.exp(-(nodes[:, None] + logit)))).astype(np.float32)
        # Single precision halves the time, and its error of 1e-6 is nothing beside that of an interval.
        self._p_and_pp = np.concatenate([at_nodes, at_nodes**2])
        self._moments = np.concatenate([self._means, squares]).astype(np.float32)

    def expected(self, chosen: np.ndarray) -> ExpectedSums:
        """At the level as forecast. ``chosen``: booleans, shape (n,)."""
        if chosen.mean() < _PICK_SHARE:
            rows = np.flatnonzero(chosen)
            means, p = self._means[:, rows], self._p[rows]
            return ExpectedSums(means.sum(axis=1), means @ p)
        weight = chosen.astype(float)
        return ExpectedSums(self._means @ weight, self._means @ (weight * self._p))

    def drawn(self, chosen: np.ndarray) -> Sums:
        """``p`` and ``pp`` have one row for each draw of the level."""
        if chosen.mean() < _PICK_SHARE:
            rows = np.flatnonzero(chosen)
            moments, p_and_pp = self._moments[:, rows], self._p_and_pp[:, rows]
        else:
            moments, p_and_pp = self._moments * chosen.astype(np.float32), self._p_and_pp
        p, pp = np.split((p_and_pp @ moments.T).astype(float), 2)
        plain = moments.sum(axis=1, dtype=float)
        return Sums(plain, self._weights @ p, self._weights @ pp)


def _widening(p: FloatArray) -> float:
    """How much further everybody's log-odds must move to move those of the overall rate by one.

    To first order m (1 - m) / mean of p (1 - p), at the mean m: 1 where all are alike.
    """
    within = float((p * (1 - p)).mean()) if len(p) else 0.0
    if within == 0:
        return 1.0
    mean = float(p.mean())
    return min(mean * (1 - mean) / within, _MAX_WIDENING)
