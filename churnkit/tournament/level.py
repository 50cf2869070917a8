"""The level of the next window: by how much everybody's log-odds move at a cutoff.

The next window's churn rate is not the last one's. Two forecasts of it fail in opposite ways: the models know
the shop's past windows but extrapolate the ageing of its customers badly; the purchase process (MBG/NBD) knows
ageing but neither trend nor season. The shift moves the models' mean part of the way to the process's mean,
after the process has been corrected by what it missed in the last windows and at this season in earlier years
(:mod:`churnkit.tournament.residuals`). How far is decided on the shop's own past cutoffs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from churnkit.metrics import log_loss
from churnkit.text.figures import percent, signed
from churnkit.tournament.margins import shift_to_mean, to_logit, to_probability
from churnkit.tournament.residuals import ResidualForecast, Season, Spacing
from churnkit.windows import CutoffPlan

DEFAULT_PROCESS_WEIGHT = 0.75
# The first is no step: what every other one is measured against.
_WEIGHTS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
# Log loss, summed over past cutoffs, that it takes to move the weight from its default to nought.
_PRIOR_LOSS = 0.02
# As much can one past cutoff say for or against a step. Without a bound the first season of a shop that lives from appeals,
# which no model had seen before, outvotes the years since in which the step only did harm.
_MOST_LOSS = 0.02
# A slope nearer to 1 would be told as 0 %.
_LEAST_SAID = 0.005


@dataclass(frozen=True)
class LevelForecast:
    """Shift at one cutoff and its parts, all in log-odds."""

    shift: float
    process_weight: float
    process_residual: float
    season: Season | None
    slope: float = 1.0
    """How far apart customers were put before the shift (:mod:`churnkit.tournament.slope`); said in words alone."""

    def words(self) -> str:
        """For the summary."""
        season = (
            "no precedent for this season in the data"
            if self.season is None
            else f"missed by {signed(self.season.residual)} at this season {self.season.words()}"
        )
        return (
            f"log-odds of everybody moved by {signed(self.shift)}, {percent(self.process_weight)} of the way to the purchase"
            f" process, itself corrected by {signed(self.process_residual)} ({season}){self._stretch()}"
        )

    def _stretch(self) -> str:
        if abs(self.slope - 1) < _LEAST_SAID:
            return ""
        way = "further apart" if self.slope > 1 else "closer together"
        return f"; before that, customers put {percent(abs(self.slope - 1))} {way} than its members do, as past dates showed"


@dataclass(frozen=True)
class LevelRule:
    """How the level of a cutoff is forecast from residuals of windows that were over by then."""

    plan: CutoffPlan | Spacing
    residuals: Mapping[datetime, float]
    process_weight: float = DEFAULT_PROCESS_WEIGHT

    @cached_property
    def _expected(self) -> ResidualForecast:
        return ResidualForecast(self.plan, self.residuals)

    def expected_residual(self, cutoff: datetime) -> tuple[float, Season | None]:
        """What the process is expected to miss at ``cutoff``, see :class:`ResidualForecast`."""
        return self._expected.at(cutoff)

    def forecast(self, cutoff: datetime, margin: np.ndarray, p_no_purchase: np.ndarray) -> LevelForecast:
        """Shift for customers at ``cutoff`` with calibrated log-odds ``margin`` (n,) and the process's answer (n,)."""
        residual, season = self.expected_residual(cutoff)
        known = ~np.isnan(p_no_purchase)
        if not known.any():
            return LevelForecast(0.0, 0.0, residual, season)
        process = to_probability(to_logit(p_no_purchase[known]) + residual)
        gap = shift_to_mean(margin[known], float(process.mean()))
        return LevelForecast(self.process_weight * gap, self.process_weight, residual, season)


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

    What a step gained or lost at a cutoff against none is bounded, so that many cutoffs outweigh a single one. A shop whose
    customers buy by subscription breaks the process's assumptions: there the weight goes to 0.
    """
    whole_way = LevelRule(plan, residuals, 1.0)
    lost = _PRIOR_LOSS * ((_WEIGHTS - DEFAULT_PROCESS_WEIGHT) / DEFAULT_PROCESS_WEIGHT) ** 2
    for p in past:
        way = whole_way.forecast(p.cutoff, p.margin, p.p_no_purchase).shift
        losses = np.array(
            [log_loss(p.churned, to_probability(p.margin + weight * way)) for weight in _WEIGHTS]
        )
        lost = lost + np.clip(losses - losses[0], -_MOST_LOSS, _MOST_LOSS)
    return LevelRule(plan, residuals, float(_WEIGHTS[lost.argmin()]))
