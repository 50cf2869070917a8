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
from churnkit.tournament.margins import shift_to_mean, to_logit, to_probability
from churnkit.windows import CutoffPlan

PROCESS_COLUMN = "btyd_p_no_purchase"
RECENT_WINDOWS = 3
LAST_YEAR_WEIGHT = 2.0
DEFAULT_PROCESS_WEIGHT = 0.75
_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Log loss, summed over past cutoffs, that it takes to move the weight from its default to nought.
_PRIOR_LOSS = 0.01


def process_residuals(panel: pd.DataFrame) -> dict[datetime, float]:
    """Log-odds by which the process missed the churn rate, for each labelled cutoff where it could be fitted."""
    known = panel[panel["churned"].notna() & panel[PROCESS_COLUMN].notna()]
    return {
        cutoff.to_pydatetime(): shift_to_mean(
            to_logit(rows[PROCESS_COLUMN].to_numpy(dtype=float)), float(rows["churned"].mean())
        )
        for cutoff, rows in known.groupby("cutoff")
    }


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
            else f"missed by {self.last_year_residual:+.2f} at this season last year"
        )
        return (
            f"log-odds of everybody moved by {self.shift:+.2f}, {self.process_weight:.0%} of the way to the purchase"
            f" process, itself corrected by {self.process_residual:+.2f} ({season})"
        )


@dataclass(frozen=True)
class LevelRule:
    """How the level of a cutoff is forecast from residuals of windows that were over by then."""

    plan: CutoffPlan
    residuals: Mapping[datetime, float]
    process_weight: float = DEFAULT_PROCESS_WEIGHT

    def expected_residual(self, cutoff: datetime) -> tuple[float, float | None]:
        """Mean of the last residuals and last year's, drawn towards nought; and last year's alone."""
        finished = [c for c in self.plan.known_before(cutoff) if c in self.residuals]
        recent = [self.residuals[c] for c in finished[-RECENT_WINDOWS:]]
        year_ago = cutoff - timedelta(days=365)
        tolerance = timedelta(days=max(7.0, self.plan.step_days / 2))
        same_season = [c for c in finished if abs(c - year_ago) <= tolerance]
        total, weight = sum(recent), len(recent) + 1.0
        if not same_season:
            return total / weight, None
        last_year = self.residuals[min(same_season, key=lambda c: abs(c - year_ago))]
        return (total + LAST_YEAR_WEIGHT * last_year) / (weight + LAST_YEAR_WEIGHT), last_year

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
