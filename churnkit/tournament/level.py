"""The level of the next window: by how much everybody's log-odds move at a cutoff.

The next window's churn rate is not the last one's. Two forecasts of it fail in opposite ways: the models know
the shop's past windows but extrapolate the ageing of its customers badly; the purchase process (MBG/NBD) knows
ageing but neither trend nor season. The shift moves the models' mean part of the way to the process's mean,
after the process has been corrected by what it missed in the last windows and at this season a year ago. How
far is decided on the shop's own past cutoffs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from churnkit.metrics import log_loss
from churnkit.text.figures import percent, signed
from churnkit.tournament.margins import shift_to_mean, to_logit, to_probability
from churnkit.windows import CutoffPlan

PROCESS_COLUMN = "btyd_p_no_purchase"
PRIOR_PERSISTENCE = 0.4
# Squared log-odds that the prior of the persistence weighs: some five windows missed by 0.1.
_PRIOR_SQUARE = 0.05
DEFAULT_PROCESS_WEIGHT = 0.75
_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Log loss, summed over past cutoffs, that it takes to move the weight from its default to nought.
_PRIOR_LOSS = 0.05


def process_residuals(panel: pd.DataFrame) -> dict[datetime, float]:
    """Log-odds by which the process missed the churn rate, for each labelled cutoff where it could be fitted."""
    known = panel[panel["churned"].notna() & panel[PROCESS_COLUMN].notna()]
    residuals = {}
    for cutoff in sorted(known["cutoff"].unique()):
        rows = known[known["cutoff"] == cutoff]
        margin = to_logit(rows[PROCESS_COLUMN].to_numpy(dtype=float))
        residuals[pd.Timestamp(cutoff).to_pydatetime()] = shift_to_mean(margin, float(rows["churned"].mean()))
    return residuals


@dataclass(frozen=True)
class LevelForecast:
    """Shift at one cutoff and its parts, all in log-odds."""

    shift: float
    process_weight: float
    process_residual: float
    last_year_residual: float | None

    def words(self) -> str:
        """For the summary."""
        season = (
            "no precedent for this season in the data"
            if self.last_year_residual is None
            else f"missed by {signed(self.last_year_residual)} at this season last year"
        )
        return (
            f"log-odds of everybody moved by {signed(self.shift)}, {percent(self.process_weight)} of the way to the purchase"
            f" process, itself corrected by {signed(self.process_residual)} ({season})"
        )


@dataclass(frozen=True)
class LevelRule:
    """How the level of a cutoff is forecast from residuals of windows that were over by then."""

    plan: CutoffPlan
    residuals: Mapping[datetime, float]
    process_weight: float = DEFAULT_PROCESS_WEIGHT

    def expected_residual(self, cutoff: datetime) -> tuple[float, float | None]:
        """What the process is expected to miss at ``cutoff``; and last year's residual alone, if there is one.

        A first-order autoregression of the residuals of finished windows around their mean, both drawn towards
        priors because there are few of them; with a cutoff a year ago, the mean of that and of what was missed
        then.
        """
        finished = [c for c in self.plan.known_before(cutoff) if c in self.residuals]
        if not finished:
            return 0.0, None
        mean = self._mean(finished)
        last = self.residuals[finished[-1]]
        carried = mean + self._persistence(finished, mean) * (last - mean)
        year_ago = cutoff - timedelta(days=365)
        tolerance = timedelta(days=max(7.0, self.plan.step_days / 2))
        same_season = [c for c in finished if abs(c - year_ago) <= tolerance]
        if not same_season:
            return carried, None
        last_year = self.residuals[min(same_season, key=lambda c: abs(c - year_ago))]
        return 0.5 * (carried + last_year), last_year

    def _mean(self, finished: Sequence[datetime]) -> float:
        """Mean residual with one imaginary window of none; windows that overlap count by what they add."""
        windows = len(finished) * self.plan.step_days / self.plan.horizon_days
        mean = sum(self.residuals[c] for c in finished) / len(finished)
        return mean * windows / (windows + 1.0)

    def _persistence(self, finished: Sequence[datetime], mean: float) -> float:
        """Share of a deviation that is still there one horizon later, 0 to 1, drawn towards ``PRIOR_PERSISTENCE``."""
        product, square = PRIOR_PERSISTENCE * _PRIOR_SQUARE, _PRIOR_SQUARE
        for cutoff in finished:
            before = [c for c in self.plan.known_before(cutoff) if c in self.residuals]
            if before:
                deviation = self.residuals[before[-1]] - mean
                product += (self.residuals[cutoff] - mean) * deviation
                square += deviation**2
        return float(np.clip(product / square, 0.0, 1.0))

    def forecast(self, cutoff: datetime, margin: np.ndarray, p_no_purchase: np.ndarray) -> LevelForecast:
        """Shift for customers at ``cutoff`` with calibrated log-odds ``margin`` (n,) and the process's answer (n,)."""
        residual, last_year = self.expected_residual(cutoff)
        known = ~np.isnan(p_no_purchase)
        if not known.any():
            return LevelForecast(0.0, 0.0, residual, last_year)
        process = to_probability(to_logit(p_no_purchase[known]) + residual)
        gap = shift_to_mean(margin[known], float(process.mean()))
        return LevelForecast(self.process_weight * gap, self.process_weight, residual, last_year)


@dataclass(frozen=True)
class PastPrediction:
    """Out-of-time log-odds at one past cutoff, before any level shift."""

    cutoff: datetime
    margin: np.ndarray
    p_no_purchase: np.ndarray
    churned: np.ndarray


def fit_level_rule(
    plan: CutoffPlan, residuals: Mapping[datetime, float], past: Sequence[PastPrediction]
) -> LevelRule:
    """Choose the weight of the purchase process by the log loss at past cutoffs, with a prior for few of them.

    A shop whose customers buy by subscription breaks the process's assumptions: there the weight goes to 0.
    """

    def penalised(weight: float) -> float:
        rule = LevelRule(plan, residuals, weight)
        prior = _PRIOR_LOSS * ((weight - DEFAULT_PROCESS_WEIGHT) / DEFAULT_PROCESS_WEIGHT) ** 2
        return prior + sum(
            log_loss(
                p.churned, to_probability(p.margin + rule.forecast(p.cutoff, p.margin, p.p_no_purchase).shift)
            )
            for p in past
        )

    return LevelRule(plan, residuals, min(_WEIGHTS, key=penalised))
