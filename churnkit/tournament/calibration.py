"""From a model's log-odds to probabilities: four ways, chosen on cutoffs later than those the model learned from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from churnkit.metrics import log_loss
from churnkit.tournament.margins import to_logit, to_probability

Method = Literal["none", "platt", "isotonic", "temperature"]

_PLATT_SLOPE_PRIOR = 20.0
# Newton's method: two unknowns and a curve without a second valley, so a handful of steps do.
_NEWTON_STEPS, _NEWTON_TOLERANCE, _LEAST_CURVATURE = 50, 1e-8, 1e-9
_MIN_GAIN = 1e-3
MIN_PLATT_ROWS = 200
MIN_ISOTONIC_ROWS = 1000
# A step of an isotonic curve is worth its rows and one imaginary row of either outcome.
_PSEUDO_COUNT = 1.0
_TEMPERATURES = (0.2, 5.0)


@dataclass(frozen=True)
class Platt:
    """``slope * margin + intercept``: linear in the log-odds, so contributions of features stay additive."""

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, margin: np.ndarray) -> np.ndarray:
        """Calibrated log-odds."""
        return self.slope * margin + self.intercept

    def shifted(self, by: float) -> Platt:
        """The same with ``by`` more log-odds for everybody."""
        return Platt(self.slope, self.intercept + by)


@dataclass(frozen=True)
class Isotonic:
    """A rising curve through (``margins``, ``odds``), straight between its points and level beyond the outer ones."""

    margins: tuple[float, ...]
    odds: tuple[float, ...]

    def apply(self, margin: np.ndarray) -> np.ndarray:
        """Calibrated log-odds."""
        calibrated: np.ndarray = np.interp(margin, self.margins, self.odds)
        return calibrated

    def shifted(self, by: float) -> Isotonic:
        """The same with ``by`` more log-odds for everybody."""
        return Isotonic(self.margins, tuple(one + by for one in self.odds))


Scaling = Platt | Isotonic
"""What turns a model's log-odds into calibrated ones."""


def fit_platt(margin: np.ndarray, churned: np.ndarray, *, native_odds: bool = True) -> Platt:
    """Platt scaling (Platt 1999), for margins that are log-odds with the slope drawn towards 1.

    The prior is worth some twenty rows: with few rows the raw margin is kept. Margins on a scale of their own
    get no prior to speak of.
    """
    prior = _PLATT_SLOPE_PRIOR if native_odds else _PLATT_SLOPE_PRIOR / 1000
    scale = float(margin.std()) or 1.0
    standard = (margin - margin.mean()) / scale

    def loss(theta: np.ndarray) -> float:
        z = theta[0] * standard + theta[1]
        return float(np.sum(np.logaddexp(0.0, z) - churned * z) + 0.5 * prior * (theta[0] - scale) ** 2)

    theta = np.array([scale, margin.mean()])
    value = loss(theta)
    for _step in range(_NEWTON_STEPS):
        p = expit(theta[0] * standard + theta[1])
        miss, weight = p - churned, p * (1 - p) + _LEAST_CURVATURE
        gradient = np.array([miss @ standard + prior * (theta[0] - scale), miss.sum()])
        tilt = weight @ standard
        curvature = np.array([[weight @ standard**2 + prior, tilt], [tilt, weight.sum()]])
        step = np.linalg.solve(curvature, gradient)
        promised, part = float(gradient @ step), 1.0
        while (tried := loss(theta - part * step)) > value - 1e-4 * part * promised and part > 1e-6:
            part /= 2
        if tried >= value:
            break
        theta, value = theta - part * step, tried
        if promised < _NEWTON_TOLERANCE:
            break
    slope = max(float(theta[0]) / scale, 0.0)
    return Platt(slope=slope, intercept=float(theta[1] - slope * margin.mean()))


def fit_temperature(margin: np.ndarray, churned: np.ndarray) -> Platt:
    """Temperature scaling (Guo et al. 2017): log-odds divided by one number between 0.2 and 5; a half stays a half."""
    low, high = _TEMPERATURES

    def loss(temperature: float) -> float:
        z = margin / temperature
        return float(np.mean(np.logaddexp(0.0, z) - churned * z))

    return Platt(1.0 / float(minimize_scalar(loss, bounds=(low, high), method="bounded").x))


def fit_isotonic(margin: np.ndarray, churned: np.ndarray) -> Isotonic:
    """Isotonic regression (Zadrozny and Elkan 2002): the churn rates of its steps, joined by straight lines in log-odds.

    The lines keep customers inside a step apart, and the imaginary rows keep a step of leavers alone below 1.
    """
    order = np.argsort(margin, kind="stable")
    x, y = margin[order], churned[order]
    steps = IsotonicRegression(out_of_bounds="clip").fit(x, y).predict(x)
    starts = np.flatnonzero(np.r_[True, np.diff(steps) > 0])
    sizes = np.diff(np.r_[starts, len(x)])
    middles = np.add.reduceat(x, starts) / sizes
    rates = (np.add.reduceat(y, starts) + _PSEUDO_COUNT) / (sizes + 2 * _PSEUDO_COUNT)
    odds = np.maximum.accumulate(to_logit(rates))
    return Isotonic(tuple(middles.tolist()), tuple(odds.tolist()))


@dataclass(frozen=True)
class Calibration:
    """Outcome of :func:`calibrate`.

    Attributes
    ----------
    margin
        Cross-fitted calibrated log-odds of the validation rows, shape (n,).
    scaling
        Scaling for later rows. For models that speak in log-odds it turns the margin around its validation mean
        and leaves the level alone: the level of the validation windows is not that of the next one (``level``).
    method
        The way that was chosen, or in words where there was no choice.
    options
        Cross-fitted log-odds by every way, each (n,); empty where they were not asked for.
    """

    margin: np.ndarray
    scaling: Scaling
    method: str
    options: Mapping[Method, np.ndarray] = field(default_factory=dict)


def calibrate(margin: np.ndarray, churned: np.ndarray, fold: np.ndarray, *, native_odds: bool) -> Calibration:
    """Choose between the raw margin and Platt scaling on validation rows.

    Each fold is scaled by a Platt fit on the others. Platt is kept only when that lowers the log loss by 0.1 %
    (it backfires with few rows), except for margins that are no log-odds to begin with.
    """
    return _raw_or_platt(
        margin, _cross_fitted(margin, churned, fold, _platt_rule(native_odds)), churned, native_odds
    )


def _raw_or_platt(
    margin: np.ndarray, scaled: np.ndarray, churned: np.ndarray, native_odds: bool
) -> Calibration:
    """See :func:`calibrate`; ``scaled`` is the margin with each fold scaled by the others."""
    if native_odds and _loss(scaled, churned) > _loss(margin, churned) * (1 - _MIN_GAIN):
        return Calibration(margin, Platt(), "none")
    return Calibration(
        scaled, _level_kept(fit_platt(margin, churned, native_odds=native_odds), margin, native_odds), "platt"
    )


def calibrate_all_ways(
    margin: np.ndarray, churned: np.ndarray, fold: np.ndarray, *, native_odds: bool
) -> Calibration:
    """As :func:`calibrate`, with temperature and isotonic scaling in the choice and all four kept.

    A more flexible way replaces that choice only where it lowers the cross-fitted log loss by another 0.1 %: differences
    below that are noise. Isotonic scaling needs 1,000 rows. Margins that are no log-odds have no "none" and no
    temperature.
    """
    platt = _cross_fitted(margin, churned, fold, _platt_rule(native_odds))
    chosen = _raw_or_platt(margin, platt, churned, native_odds)
    options: dict[Method, np.ndarray] = {"none": margin} if native_odds else {}
    options["platt"] = platt
    fits: dict[Method, _Fit] = {"temperature": fit_temperature} if native_odds else {}
    fits["isotonic"] = fit_isotonic
    best, bar = chosen, _loss(chosen.margin, churned) * (1 - _MIN_GAIN)
    for method, fit in fits.items():
        needed = MIN_ISOTONIC_ROWS if method == "isotonic" else MIN_PLATT_ROWS
        options[method] = _cross_fitted(margin, churned, fold, _with_enough(fit, needed))
        found = _loss(options[method], churned)
        if len(margin) >= needed and found < bar:
            scaling = _level_kept(fit(margin, churned), margin, native_odds)
            best, bar = Calibration(options[method], scaling, method), found
    return Calibration(best.margin, best.scaling, best.method, options)


_Fit = Callable[[np.ndarray, np.ndarray], Scaling]


def _platt_rule(native_odds: bool) -> _Fit:
    return _with_enough(
        lambda margin, churned: fit_platt(margin, churned, native_odds=native_odds),
        MIN_PLATT_ROWS if native_odds else 0,
    )


def _with_enough(fit: _Fit, rows: int) -> _Fit:
    """A fit that leaves the margin alone below ``rows`` rows, or where only one outcome was seen."""

    def fitted(margin: np.ndarray, churned: np.ndarray) -> Scaling:
        enough = len(margin) >= rows and len(np.unique(churned)) == 2
        return fit(margin, churned) if enough else Platt()

    return fitted


def _cross_fitted(margin: np.ndarray, churned: np.ndarray, fold: np.ndarray, fit: _Fit) -> np.ndarray:
    """Each fold scaled by a fit on the others."""
    scaled = np.empty_like(margin)
    for k in np.unique(fold):
        others = fold != k
        scaled[~others] = fit(margin[others], churned[others]).apply(margin[~others])
    return scaled


def _level_kept(scaling: Scaling, margin: np.ndarray, native_odds: bool) -> Scaling:
    """With the mean of the margin, where that is a log-odds."""
    if not native_odds:
        return scaling
    return scaling.shifted(float(margin.mean() - scaling.apply(margin).mean()))


def _loss(margin: np.ndarray, churned: np.ndarray) -> float:
    return log_loss(churned, to_probability(margin))
