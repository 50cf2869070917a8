"""What a model takes along to later dates, so that its level is that of the date it is asked about.

The step of the churn level (:mod:`churnkit.tournament.level`) and that of total spend (:mod:`churnkit.tournament.totals`)
belong to one date: the season, and what the last finished windows missed. The models stay as they were trained; the steps
are made anew, with the weights that were learned then, from the windows that were over then and since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pandas as pd

from churnkit.tournament.baselines import BASE_RATE, FittedBaseline, rate_of
from churnkit.tournament.level import LevelForecast, LevelRule
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.residuals import PROCESS_COLUMN, Spacing, process_residuals
from churnkit.tournament.totals import TotalStep, step_at, total_residuals


@dataclass(frozen=True)
class Steps:
    """How everybody's log-odds of churn and the total of spend move at one date."""

    level: LevelForecast
    total: TotalStep


@dataclass(frozen=True)
class Levels:
    """Misses of finished windows by cutoff, ascending, and the weights that were learned from them.

    Attributes
    ----------
    spacing
        Distance and length of the windows.
    last
        The last cutoff whose outcome was known.
    churn, totals
        What the purchase process missed: the churn rate in log-odds, total spend in logarithms.
    churn_weight, total_weight
        How far the level and the total move to the corrected process, see ``LevelRule`` and ``TotalStep``.
    rate
        Log-odds of the churn rate of a window that was over later than all that the model learned from, None without one.
    """

    spacing: Spacing
    last: datetime
    churn: Mapping[datetime, float]
    totals: Mapping[datetime, float]
    churn_weight: float
    total_weight: float
    rate: float | None = None

    def knowing(self, finished: pd.DataFrame, by: datetime) -> Levels:
        """With what windows missed that have ended since, by a date: of the panel rows ``finished`` others play no part."""
        over = finished["cutoff"] + timedelta(days=self.spacing.horizon_days) <= by
        newer = finished[over & finished["churned"].notna() & (finished["cutoff"] > self.last)]
        if newer.empty:
            return self
        last = newer["cutoff"].max()
        latest = newer.loc[newer["cutoff"] == last, "churned"]
        return replace(
            self,
            last=last.to_pydatetime(),
            churn={**self.churn, **process_residuals(newer)},
            totals={**self.totals, **total_residuals(newer)},
            rate=rate_of(latest.to_numpy(dtype=float)),
        )

    def level(self, model: ChurnModel, scoring: datetime, rows: pd.DataFrame) -> LevelForecast:
        """The step of ``model`` at a date with the panel ``rows`` of all its customers, in log-odds."""
        rule = LevelRule(self.spacing, self.churn, self.churn_weight)
        process = rows[PROCESS_COLUMN].to_numpy(dtype=float)
        found = replace(rule.forecast(scoring, model.at_level(0.0).margin(rows), process), slope=model.slope)
        if self.rate is not None and isinstance(model.baseline, FittedBaseline) and model.name == BASE_RATE:
            # Where nothing tells customers apart, everybody has the rate of the last finished window.
            return replace(found, shift=self.rate - model.baseline.base)
        return found

    def total(self, scoring: datetime, rows: pd.DataFrame, forecast_total: float) -> TotalStep:
        """The step of total spend at a date, of all customers' forecasts without any."""
        return step_at(self.spacing, self.totals, self.total_weight, scoring, rows, forecast_total)
