"""Sums over the contacted customers at every level of churn: all that an outcome needs to know about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from churnkit.roi.draws import FloatArray, draws, interpolation, level_nodes

_LOGIT_LIMIT = 1e-6
_MAX_WIDENING = 4.0
# Below this share of the customers their rows are picked; above it all rows are weighted by 0 or 1.
_PICK_SHARE = 0.125
# A block of all rows that are multiplied together fits in the processor's cache.
_BLOCK_ROWS = 8192


@dataclass(frozen=True)
class ExpectedSums:
    """Sums over the contacted at the level as forecast.

    p is the churn probability, f the part of the save rate that holds for the customer (1, less where the customer
    is probably gone already), v the revenue of a kept customer's year, o that of an order.
    """

    count: float
    o: float
    p_o: float
    p_f: float
    p_f_v: float
    p_f_o: float


@dataclass(frozen=True)
class DrawnSums:
    """The same, and those that variances need, at each draw of the level: shape (m,) where p takes part.

    The order of the fields is that of the rows which ``SumTable`` keeps.
    """

    count: float
    o: float
    oo: float
    p_o: FloatArray
    p_oo: FloatArray
    p_f: FloatArray
    p_f_v: FloatArray
    p_f_o: FloatArray
    p_f_vv: FloatArray
    p_f_vo: FloatArray
    p_f_oo: FloatArray
    pp_oo: FloatArray
    pp_f_vo: FloatArray
    pp_f_oo: FloatArray
    pp_ff: FloatArray
    pp_ff_vv: FloatArray
    pp_ff_vo: FloatArray
    pp_ff_oo: FloatArray


class SumTable:
    """Prepared customers: their sums for any choice of them are a few matrix products.

    Parameters
    ----------
    p_churn, savable, value, order_value
        Shape (n,): p, f, v and o of :class:`ExpectedSums`.
    level_sd
        Standard error of the log-odds of the overall churn rate.

    Attributes
    ----------
    level_shift
        Of everybody's log-odds in each draw.
    """

    def __init__(
        self,
        p_churn: FloatArray,
        savable: FloatArray,
        value: FloatArray,
        order_value: FloatArray,
        level_sd: float,
    ) -> None:
        self.p_churn, self.savable, self.value, self.order_value = p_churn, savable, value, order_value
        f, v, o = savable, value, order_value
        self._expected = np.stack(
            [np.ones_like(o), o, p_churn * o, p_churn * f, p_churn * f * v, p_churn * f * o]
        )
        sd = level_sd * widening(p_churn)
        nodes = level_nodes(sd)
        self.level_shift: FloatArray = sd * draws().level
        self._weights = interpolation(nodes, self.level_shift)
        clipped = np.clip(p_churn, _LOGIT_LIMIT, 1 - _LOGIT_LIMIT)
        logit = np.log(clipped / (1 - clipped))
        # Single precision halves the time, and its error of 1e-6 is nothing beside that of an interval.
        self._p = (1 / (1 + np.exp(-(nodes[:, None] + logit)))).astype(np.float32)
        times_p = [o, o * o, f, f * v, f * o, f * v * v, f * v * o, f * o * o]
        times_pp = [o * o, f * v * o, f * o * o]
        times_pp += [f * f, (f * v) ** 2, f * f * v * o, (f * o) ** 2]
        self._times_p = np.stack(times_p).astype(np.float32)
        self._times_pp = np.stack(times_pp).astype(np.float32)

    def expected(self, chosen: np.ndarray) -> ExpectedSums:
        """At the level as forecast, in double precision. ``chosen``: booleans, shape (n,)."""
        if chosen.sum() <= _PICK_SHARE * len(chosen):
            return ExpectedSums(*self._expected[:, np.flatnonzero(chosen)].sum(axis=1))
        return ExpectedSums(*(self._expected @ chosen.astype(float)))

    def drawn(self, chosen: np.ndarray) -> DrawnSums:
        """At each draw of the level."""
        if chosen.sum() <= _PICK_SHARE * len(chosen):
            rows = np.flatnonzero(chosen)
            at_p, at_pp = _products(self._p[:, rows], self._times_p[:, rows], self._times_pp[:, rows])
        else:
            at_p = np.zeros((len(self._p), len(self._times_p)))
            at_pp = np.zeros((len(self._p), len(self._times_pp)))
            for start in range(0, len(chosen), _BLOCK_ROWS):
                part = slice(start, start + _BLOCK_ROWS)
                p = self._p[:, part] * chosen[part]
                more_p, more_pp = _products(p, self._times_p[:, part], self._times_pp[:, part])
                at_p += more_p
                at_pp += more_pp
        order_value = self._expected[1]
        plain = (float(chosen.sum()), float(chosen @ order_value), float(chosen @ order_value**2))
        return DrawnSums(*plain, *(self._weights @ at_p).T, *(self._weights @ at_pp).T)


def _products(p: np.ndarray, times_p: np.ndarray, times_pp: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums over customers of p and of p^2 times each row, shapes (nodes, rows)."""
    return p @ times_p.T, (p * p) @ times_pp.T


def widening(p: FloatArray) -> float:
    """How much further everybody's log-odds must move to move those of the overall rate by one.

    To first order m (1 - m) / mean of p (1 - p), at the mean m: 1 where all are alike.
    """
    within = float((p * (1 - p)).mean()) if len(p) else 0.0
    if within == 0:
        return 1.0
    mean = float(p.mean())
    return min(mean * (1 - mean) / within, _MAX_WIDENING)
