"""The purchase process beyond the horizon: orders by a date, and the chance of a purchase in a later window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from churnkit.btyd import MbgNbd
from churnkit.btyd.histories import FloatArray
from churnkit.features.purchase_process import fit_process, histories

_NODES = 64
_CHUNK_ROWS = 20_000
_MEDIAN_POINTS = 60


@dataclass(frozen=True)
class Pace:
    """How the customers in ``scored`` rows will buy; results have shape (n,), ``p_churn`` too.

    Attributes
    ----------
    model
        MBG/NBD of the shop; None where too few customers came back to fit one. Then orders arrive evenly and
        nobody drops out beyond the horizon, which the caller must say.
    """

    model: MbgNbd | None
    known: tuple[FloatArray, FloatArray, FloatArray]
    p_churn: FloatArray
    horizon_days: int

    @classmethod
    def of(cls, scored_rows: pd.DataFrame, p_churn: FloatArray, horizon_days: int) -> Pace:
        """Fitted on ``scored_rows`` (``repeat_count``, ``t_x_days``, ``tenure_days``)."""
        return cls(fit_process(scored_rows), histories(scored_rows), p_churn, horizon_days)

    @property
    def tells_dropout(self) -> bool:
        """Whether the process knows how customers drop out."""
        return self.model is not None and self.model.tells_dropout

    def orders(self, days: float) -> FloatArray:
        """Expected orders within ``days``."""
        if self.model is None:
            return np.full_like(self.p_churn, days / self.horizon_days)
        return self.model.expected_orders(days, *self.known)

    def orders_if_lost(self, days: float) -> FloatArray:
        """Expected orders within ``days`` of a customer who buys nothing within the horizon, all of them after it."""
        later = days - self.horizon_days
        if self.model is None or later <= 0:
            return np.zeros_like(self.p_churn)
        x, t_x, age = self.known
        return self.model.expected_orders(later, x, t_x, age + self.horizon_days)

    def orders_if_kept(self, days: float) -> FloatArray:
        """Expected orders within ``days`` of a customer who does buy within the horizon.

        E[N(t) | N(h) > 0]: everybody's orders less those of customers who are silent until the horizon h.
        """
        silent = self.p_silent
        orders = self.orders(days) - silent * self.orders_if_lost(days)
        return orders / np.maximum(1 - silent, 1e-12)

    @cached_property
    def p_silent(self) -> FloatArray:
        """The process' own probability of no purchase within the horizon."""
        if self.model is None:
            return self.p_churn
        return self.model.p_no_purchase(self.horizon_days, *self.known)

    def buys_within(self, days: float) -> FloatArray:
        """Probability of a purchase within ``days`` (up to the horizon), agreeing with 1 - p_churn at the horizon."""
        if self.model is None:
            return 1 - self.p_churn ** (days / self.horizon_days)
        share = (1 - self.model.p_no_purchase(days, *self.known)) / np.maximum(1 - self.p_silent, 1e-12)
        return (1 - self.p_churn) * np.minimum(share, 1.0)

    def has_bought(self, days: float) -> FloatArray:
        """Probability of a purchase within ``days``, beyond the horizon too."""
        if days <= self.horizon_days:
            return self.buys_within(days)
        if self.model is None:
            return 1 - self.p_churn ** (days / self.horizon_days)
        silent = self.model.p_no_purchase(days, *self.known)
        share = np.clip(silent / np.maximum(self.p_silent, 1e-12), 0.0, 1.0)
        return 1 - self.p_churn * share

    def median_days(self, longest_days: int = 365) -> FloatArray:
        """Days until a customer has bought again with probability 1/2; NaN where that takes longer than ``longest_days``.

        The probability is followed along days that lie the further apart the further ahead, and taken as straight
        between them.
        """
        days = np.unique(np.geomspace(1, longest_days, _MEDIAN_POINTS).round())
        found = np.full_like(self.p_churn, np.nan)
        before, chance_before = 0.0, np.zeros_like(self.p_churn)
        for day in days:
            chance = np.maximum(self.has_bought(float(day)), chance_before)
            reached = np.isnan(found) & (chance >= 0.5)
            part = (0.5 - chance_before) / np.maximum(chance - chance_before, 1e-12)
            found[reached] = (before + part * (day - before))[reached]
            before, chance_before = float(day), chance
        return found

    def stays(self, start_days: float) -> FloatArray:
        """Chance of a purchase in the horizon-long window after ``start_days``, over that in the first one; 0 to 1."""
        if self.model is None or start_days <= 0 or not self.model.tells_dropout:
            return np.ones_like(self.p_churn)
        first = 1 - self.p_silent
        later = p_purchase_between(self.model, start_days, self.horizon_days, *self.known)
        return np.clip(later / np.maximum(first, 1e-12), 0.0, 1.0)


def p_purchase_between(
    model: MbgNbd,
    start_days: float,
    length_days: float,
    repeat_count: FloatArray,
    t_x_days: FloatArray,
    age_days: FloatArray,
) -> FloatArray:
    """Probability of at least one purchase in (start, start + length] from now, shape (n,).

    A customer alive now, with rate l and drop-out probability p, is alive at ``start`` with probability
    exp(-l p start), as purchases that kill arrive at rate l p, and then buys within ``length`` with
    1 - exp(-l length). Over the rate's posterior, gamma(r + x, alpha + T), both terms are Laplace transforms;
    over p, beta(a, b + x + 1), the mean is taken on its quantiles by Gauss-Legendre, error near 1e-4.
    """
    alive = model.p_alive(repeat_count, t_x_days, age_days)
    shape, rate = model.r + repeat_count, model.alpha_days + age_days
    distinct, index = np.unique(repeat_count, return_inverse=True)
    drop_out, weights = _drop_out_nodes(model, distinct)
    result = np.empty_like(rate)
    for start in range(0, len(rate), _CHUNK_ROWS):
        part = slice(start, start + _CHUNK_ROWS)
        gone = drop_out[index[part]] * start_days / rate[part, None]
        both = np.exp(-shape[part, None] * np.log1p(gone + length_days / rate[part, None]))
        result[part] = (np.exp(-shape[part, None] * np.log1p(gone)) - both) @ weights
    return np.clip(alive * result, 0.0, 1.0)


def _drop_out_nodes(model: MbgNbd, repeat_count: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Drop-out probabilities (len(repeat_count), k) at nodes of their distribution function, and weights (k,)."""
    from scipy.special import betaincinv

    node, weight = np.polynomial.legendre.leggauss(_NODES)
    quantile, weight = (node + 1) / 2, weight / 2
    if not model.has_dropout:
        return np.zeros((len(repeat_count), _NODES)), weight
    survived = model.b + repeat_count + 1
    return betaincinv(model.a, survived[:, None], quantile[None, :]), weight
