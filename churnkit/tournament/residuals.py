"""What the purchase process missed in finished windows, in log-odds, and what it is expected to miss in the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.tournament.margins import shift_to_mean, to_logit
from churnkit.windows import CutoffPlan

PROCESS_COLUMN = "btyd_p_no_purchase"
PRIOR_PERSISTENCE = 0.4
# Squared log-odds that the prior of the persistence weighs: some five windows missed by 0.1.
_PRIOR_SQUARE = 0.05
# Squared log-odds that the prior of the season's weight weighs. A single precedent proves little: with a tenth of this
# the weight followed chance in generated shops with two Decembers, with ten times as much it learned nothing.
_PRIOR_SEASON_SQUARE = 0.5
_MICROSECONDS = 86_400_000_000
YEAR_DAYS = 365.25
_YEAR = YEAR_DAYS * _MICROSECONDS


def season_tolerance_days(step_days: int) -> float:
    """As near as windows of two years begin that count as of the same season, for cutoffs so far apart."""
    return max(7.0, step_days / 2)


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
class Spacing:
    """Distance between cutoffs and length of their windows, in days, as a ``CutoffPlan`` has them."""

    step_days: int
    horizon_days: int


@dataclass(frozen=True)
class Season:
    """The mean of what was missed at the same season in earlier years, in log-odds."""

    residual: float
    years: int

    def words(self) -> str:
        """When it was."""
        return "last year" if self.years == 1 else f"in the last {self.years} years, on average"


class ResidualForecast:
    """What the process is expected to miss at a cutoff, from windows that were over by then.

    Two forecasts are mixed. One carries on what was missed in the last window: a first-order autoregression around the
    mean of all, both drawn towards priors because there are few windows. The other is what was missed at the same
    season in earlier years. By how much the season is better is learned from the finished windows that had one
    themselves (least squares), drawn towards n / (n + 1) with n years.

    Parameters
    ----------
    plan
        Distance and horizon of the windows.
    residuals
        Log-odds by cutoff, also of cutoffs before the plan's.
    """

    def __init__(self, plan: CutoffPlan | Spacing, residuals: Mapping[datetime, float]) -> None:
        ordered = sorted(residuals)
        # Microseconds, as whole numbers: a window that ends in the instant of a cutoff is over at it.
        self._when = _instants(ordered)
        self._values = np.array([residuals[cutoff] for cutoff in ordered], dtype=float)
        # Of how many windows the outcome was known at each of the cutoffs: they end in the order in which they begin.
        self._over = self._when + plan.horizon_days * _MICROSECONDS
        self._known = np.searchsorted(self._over, self._when, side="right")
        self._overlap = plan.step_days / plan.horizon_days
        self._tolerance = season_tolerance_days(plan.step_days) * _MICROSECONDS

    def at(self, cutoff: datetime) -> tuple[float, Season | None]:
        """The expected residual, and the season's, if there is a cutoff of an earlier year."""
        (when,) = _instants([cutoff])
        known = int(np.searchsorted(self._over, when, side="right"))
        if not known:
            return 0.0, None
        carried, season = self._carried(known), self._season(known, int(when))
        if season is None:
            return carried, None
        weight = self._season_weight(known, season.years / (season.years + 1))
        return carried + weight * (season.residual - carried), season

    def _carried(self, known: int) -> float:
        mean = self._mean(known)
        deviations = self._values[:known] - mean
        before = self._known[:known]
        of_before = deviations[before[before > 0] - 1]
        product = PRIOR_PERSISTENCE * _PRIOR_SQUARE + float(deviations[before > 0] @ of_before)
        persistence = np.clip(product / (_PRIOR_SQUARE + float(of_before @ of_before)), 0.0, 1.0)
        return float(mean + persistence * deviations[-1])

    def _mean(self, known: int) -> float:
        """Mean with one imaginary window of none; windows that overlap count by what they add."""
        windows = known * self._overlap
        return float(self._values[:known].mean() * windows / (windows + 1.0))

    def _season(self, known: int, when: int) -> Season | None:
        """The nearest of the first ``known`` cutoffs in each earlier year, if it is near enough."""
        earlier, found = self._when[:known], []
        for years in range(1, int((when - earlier[0] + self._tolerance) // _YEAR) + 1):
            distances = np.abs(earlier - (when - years * _YEAR))
            nearest = int(distances.argmin())
            if distances[nearest] <= self._tolerance:
                found.append(self._values[nearest])
        return Season(float(np.mean(found)), len(found)) if found else None

    def _season_weight(self, known: int, prior: float) -> float:
        product, square = prior * _PRIOR_SEASON_SQUARE, _PRIOR_SEASON_SQUARE
        for position in range(known):
            then = int(self._known[position])
            season = self._season(then, int(self._when[position])) if then else None
            if season is not None:
                carried = self._carried(then)
                gap = season.residual - carried
                product += gap * (self._values[position] - carried) * self._overlap
                square += gap**2 * self._overlap
        return float(np.clip(product / square, 0.0, 1.0))


def _instants(cutoffs: list[datetime]) -> np.ndarray:
    instants: np.ndarray = np.array(cutoffs, dtype="datetime64[us]").astype(np.int64)
    return instants
