"""From a model's log-odds to probabilities: Platt scaling, judged on validation folds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from churnkit.metrics import log_loss
from churnkit.tournament.margins import to_probability

_PLATT_SLOPE_PRIOR = 20.0
_MIN_GAIN = 1e-3
MIN_PLATT_ROWS = 200


@dataclass(frozen=True)
class Platt:
    """``slope * margin + intercept``: linear in the log-odds, so contributions of features stay additive."""

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, margin: np.ndarray) -> np.ndarray:
        """Calibrated log-odds."""
        return self.slope * margin + self.intercept


def fit_platt(margin: np.ndarray, churned: np.ndarray, *, native_odds: bool = True) -> Platt:
    """Platt scaling (Platt 1999), for margins that are log-odds with the slope drawn towards 1.

    The prior is worth some twenty rows: with few rows the raw margin is kept. Margins on a scale of their own
    get no prior to speak of.
    """
    prior = _PLATT_SLOPE_PRIOR if native_odds else _PLATT_SLOPE_PRIOR / 1000
    scale = float(margin.std()) or 1.0
    standard = (margin - margin.mean()) / scale

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        z = theta[0] * standard + theta[1]
        p = expit(z)
        value = np.sum(np.logaddexp(0.0, z) - churned * z) + 0.5 * prior * (theta[0] - scale) ** 2
        slope_gradient = np.sum((p - churned) * standard) + prior * (theta[0] - scale)
        return value, np.array([slope_gradient, np.sum(p - churned)])

    best = minimize(loss, np.array([scale, margin.mean()]), jac=True, method="L-BFGS-B").x
    slope = max(best[0] / scale, 0.0)
    return Platt(slope=slope, intercept=float(best[1] - slope * margin.mean()))


@dataclass(frozen=True)
class Calibration:
    """Outcome of :func:`calibrate`.

    Attributes
    ----------
    margin
        Cross-fitted calibrated log-odds of the validation rows, shape (n,).
    platt
        Scaling for later rows. For models that speak in log-odds it turns the margin around its validation mean
        and leaves the level alone: the level of the validation windows is not that of the next one (``level``).
    method
        "none" or "platt".
    """

    margin: np.ndarray
    platt: Platt
    method: str


def calibrate(margin: np.ndarray, churned: np.ndarray, fold: np.ndarray, *, native_odds: bool) -> Calibration:
    """Choose between the raw margin and Platt scaling on validation rows.

    Each fold is scaled by a Platt fit on the others. Platt is kept only when that lowers the log loss by 0.1 %
    (it backfires with few rows), except for margins that are no log-odds to begin with.
    """
    scaled = np.empty_like(margin)
    for k in np.unique(fold):
        others = fold != k
        usable = others.sum() >= MIN_PLATT_ROWS or not native_odds
        two_classes = len(np.unique(churned[others])) == 2
        platt = (
            fit_platt(margin[others], churned[others], native_odds=native_odds)
            if usable and two_classes
            else Platt()
        )
        scaled[~others] = platt.apply(margin[~others])
    raw_loss = log_loss(churned, to_probability(margin))
    if native_odds and log_loss(churned, to_probability(scaled)) > raw_loss * (1 - _MIN_GAIN):
        return Calibration(margin, Platt(), "none")
    platt = fit_platt(margin, churned, native_odds=native_odds)
    if native_odds:
        platt = Platt(platt.slope, float((1 - platt.slope) * margin.mean()))
    return Calibration(scaled, platt, "platt")
