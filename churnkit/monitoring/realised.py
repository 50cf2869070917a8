"""A past forecast against what came: pure figures of one run's customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from churnkit import metrics
from churnkit.metrics.inputs import FloatArray
from churnkit.metrics.resampling import draws, measures_of
from churnkit.monitoring.expected import ece_by_chance
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.rows import rows_of
from churnkit.results.scorecards import ListFigures, PopulationCard, Tenth
from churnkit.tournament.backtest import tenths

DRAWS = 200
# More customers need fewer draws for the same interval, and each takes longer.
MANY, DRAWS_OF_MANY = 20_000, 40
MIN_CUSTOMERS = 30
# Two-sided 95 %.
_QUANTILE = 1.959964
_TOP_SHARE = 0.2

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class PastForecast:
    """What a run said of its customers, and what came. Arrays of shape (n,).

    Attributes
    ----------
    p_churn, churned
        Forecast, and 1 for who bought nothing in the window.
    expected_spend, actual_spend
        In the window, in money.
    recency_days
        Days since the last purchase, at the cutoff.
    active
        Silent no longer than the threshold, at the cutoff.
    listed
        Whom the run recommended to contact.
    gain_if_leaving, gain_if_staying
        Money that a contact brings, by what the customer would have done without it.
    """

    p_churn: FloatArray
    churned: FloatArray
    expected_spend: FloatArray
    actual_spend: FloatArray
    recency_days: FloatArray
    active: Mask
    listed: Mask
    gain_if_leaving: FloatArray
    gain_if_staying: FloatArray

    def among(self, rows: Mask) -> PastForecast:
        """The same of some customers."""
        return PastForecast(**{name: values[rows] for name, values in vars(self).items()})

    @property
    def gains(self) -> FloatArray:
        """Money that contacting each customer would have brought, knowing what they did."""
        return np.where(self.churned == 1, self.gain_if_leaving, self.gain_if_staying)


def population_card(past: PastForecast, *, lift_size: int | None = None, seed: int = 0) -> PopulationCard:
    """Figures of all customers of ``past``, of whom there must be one at least.

    Parameters
    ----------
    lift_size
        How many of the riskiest the lift is of; a fifth unless given.
    """
    churned, p = past.churned, past.p_churn
    size = len(churned)
    top = min(size, lift_size or metrics.top_count(size, _TOP_SHARE))
    weights = _weights(size, seed)
    drawn = measures_of(churned, p, weights, threshold=0.5)
    rate = float(churned.mean())
    return PopulationCard(
        customers=size,
        expected_churn_rate=float(p.mean()),
        actual_churn_rate=_within(rate, (weights @ churned) / size, 0.0, 1.0),
        roc_auc=_within(metrics.roc_auc(churned, p), drawn["roc_auc"], 0.0, 1.0) if 0 < rate < 1 else None,
        log_loss=_within(metrics.log_loss(churned, p), drawn["log_loss"], 0.0, np.inf),
        log_loss_of_base_rate=metrics.log_loss(churned, np.full(size, rate)),
        ece=metrics.ece(churned, p),
        ece_by_chance=ece_by_chance(p, seed=seed),
        lift=_lift(churned, p, top, weights) if rate > 0 else None,
        lift_size=top,
        expected_spend=float(past.expected_spend.sum()),
        actual_spend=_within(float(past.actual_spend.sum()), weights @ past.actual_spend, -np.inf, np.inf),
        tenths=rows_of(Tenth, tenths(p, churned)),
    )


def list_figures(past: PastForecast, save_rate: float, *, seed: int = 0) -> Found[ListFigures] | Missing:
    """What the recommended list would have brought among the active customers of ``past``."""
    there = past.among(past.active)
    count = int(there.listed.sum())
    if not count:
        return Missing("The run recommended nobody, since no contact was expected to pay.")
    gains, size = there.gains, len(there.gains)
    longest = np.argsort(-there.recency_days, kind="stable")[:count]
    brought = (_weights(size, seed) * there.listed) @ gains
    return Found(
        ListFigures(
            contacted=count,
            expected_leavers=float(there.p_churn[there.listed].sum()),
            left=int(there.churned[there.listed].sum()),
            brought=_within(float(gains[there.listed].sum()), brought, -np.inf, np.inf),
            at_random=float(gains.mean() * count),
            longest_silent=float(gains[longest].sum()),
            save_rate=save_rate,
        )
    )


def _weights(size: int, seed: int) -> FloatArray:
    count = DRAWS_OF_MANY if size > MANY else DRAWS
    return np.concatenate(list(draws(size, count, seed)))


def _lift(churned: FloatArray, p: FloatArray, top: int, weights: FloatArray) -> Interval:
    """Ties at the edge of the riskiest count with their mean, see ``metrics``."""
    order = np.sort(-p)
    edge = -order[top - 1]
    above, tied = p > edge, p == edge
    share = (top - above.sum()) / tied.sum()
    counted = above + share * tied
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (weights @ (counted * churned)) / (weights @ counted) / ((weights @ churned) / len(churned))
    value = (counted @ churned) / top / churned.mean()
    return _within(float(value), found, 0.0, np.inf)


def _within(value: float, drawn: FloatArray, lowest: float, highest: float) -> Interval:
    reach = _QUANTILE * float(np.nanstd(drawn)) if np.isfinite(drawn).any() else np.nan
    return Interval(value, max(value - reach, lowest), min(value + reach, highest))
