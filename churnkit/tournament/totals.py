"""The level of money: by how much a window's total spend will be off, from finished windows and their seasons.

Who buys is levelled by :mod:`churnkit.tournament.level`; what buyers bring has a season, too, and a drift. The purchase
process knows neither: its expected orders times what each customer's purchase day has brought so far is a total whose misses
show both, also in windows long before those that models learn from. The forecast's total moves part of the way to the
process's, after that has been corrected by what it is expected to miss (:class:`ResidualForecast`). How far is
learned from the shop's own finished windows: half of it where there are none, nothing where it would not have helped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.text.figures import signed_percent
from churnkit.tournament.residuals import ResidualForecast, Season, Spacing
from churnkit.windows import CutoffPlan

PROCESS_TOTAL_COLUMNS = ("btyd_expected_orders", "monetary_total", "purchase_days")
PRIOR_WEIGHT = 0.5
# Squared logarithms that the prior weighs: a single window that was missed by a third.
_PRIOR_SQUARE = 0.1
WORTH_SAYING = 0.1
"""Steps of the total from this logarithm on, up or down, are told."""


def process_total(rows: pd.DataFrame) -> float:
    """Expected orders times net spend per purchase day, of all customers of one cutoff, in money; 0 without a fit."""
    orders, spend, days = (rows[name].to_numpy(dtype=float) for name in PROCESS_TOTAL_COLUMNS)
    return float(np.nansum(orders * np.clip(spend, 0.0, None) / np.maximum(days, 1.0)))


def total_residuals(panel: pd.DataFrame) -> dict[datetime, float]:
    """log(what came / what the process said) for each labelled cutoff of the panel where both are above 0."""
    residuals = {}
    known = panel[panel["churned"].notna()]
    for cutoff in sorted(known["cutoff"].unique()):
        rows = known[known["cutoff"] == cutoff]
        said, came = process_total(rows), float(rows["spend_next"].sum())
        if said > 0 and came > 0:
            residuals[pd.Timestamp(cutoff).to_pydatetime()] = float(np.log(came / said))
    return residuals


@dataclass(frozen=True)
class TotalStep:
    """How the total moves at one cutoff, in logarithms: ``weight`` of ``gap``, the way to the corrected process."""

    gap: float
    weight: float
    season: Season | None

    @property
    def shift(self) -> float:
        """Logarithm of the factor on every customer's forecast."""
        return self.weight * self.gap

    def note(self) -> str | None:
        """What is said before the forecast is used; None where the total hardly moves."""
        if abs(self.shift) < WORTH_SAYING:
            return None
        season = "" if self.season is None else f", among them those of this season {self.season.words()}"
        return (
            f"Everybody's expected spend was moved by {signed_percent(float(np.expm1(self.shift)))}: by so much finished"
            f" windows came out otherwise than customers' orders alone would say{season}."
        )


NO_STEP = TotalStep(0.0, 0.0, None)


def step_at(
    spacing: Spacing,
    residuals: Mapping[datetime, float],
    weight: float,
    cutoff: datetime,
    rows: pd.DataFrame,
    forecast_total: float,
) -> TotalStep:
    """The step at a later date than those that ``weight`` was learned from, otherwise as :meth:`TotalRule.step`."""
    return _step(ResidualForecast(spacing, residuals), weight, cutoff, rows, forecast_total)


def _step(
    expected: ResidualForecast, weight: float, cutoff: datetime, rows: pd.DataFrame, forecast_total: float
) -> TotalStep:
    residual, season = expected.at(cutoff)
    said = process_total(rows)
    if said <= 0 or forecast_total <= 0:
        return TotalStep(0.0, 0.0, season)
    return TotalStep(float(np.log(said / forecast_total)) + residual, weight, season)


class TotalRule:
    """Steps of the total, learned cutoff by cutoff from those whose window was over.

    Parameters
    ----------
    plan
        Distance and horizon of the windows.
    residuals
        Of :func:`total_residuals`, also of cutoffs before the plan's.
    """

    def __init__(self, plan: CutoffPlan, residuals: Mapping[datetime, float]) -> None:
        self._plan = plan
        self.residuals = residuals
        self._expected = ResidualForecast(plan, residuals)
        self._tried: dict[datetime, tuple[float, float]] = {}

    def step(self, cutoff: datetime, rows: pd.DataFrame, forecast_total: float) -> TotalStep:
        """The step for customers ``rows`` of ``cutoff`` whose forecasts add up to ``forecast_total``."""
        return _step(self._expected, self.weight(cutoff), cutoff, rows, forecast_total)

    def learn(self, cutoff: datetime, step: TotalStep, forecast_total: float, came: float) -> None:
        """Remember what a step was worth: ``forecast_total`` before it, and what came."""
        if forecast_total > 0 and came > 0:
            self._tried[cutoff] = (step.gap, float(np.log(came / forecast_total)))

    def weight(self, cutoff: datetime) -> float:
        """How far the total moves at ``cutoff``, 0 to 1.

        Least squares over the windows that were over, drawn to a half; those that overlap count by what they add.
        """
        overlap = self._plan.step_days / self._plan.horizon_days
        known = [self._tried[c] for c in self._plan.known_before(cutoff) if c in self._tried]
        product = overlap * sum(gap * missed for gap, missed in known)
        square = overlap * sum(gap**2 for gap, _ in known)
        prior = PRIOR_WEIGHT * _PRIOR_SQUARE
        return float(np.clip((product + prior) / (square + _PRIOR_SQUARE), 0.0, 1.0))
