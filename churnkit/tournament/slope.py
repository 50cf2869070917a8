"""How far apart a model puts its customers: by how much its log-odds are stretched before they are levelled.

Each member of a blend is calibrated by itself, and an average of log-odds is then too cautious; a model that has seen few
windows is too bold. How it came out at past dates tells. The level of a window is free here: what all customers of a window
did otherwise than foreseen is the matter of :mod:`churnkit.tournament.level`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from churnkit.tournament.level import PastPrediction
from churnkit.tournament.margins import row_losses, shift_to_mean, to_probability

# A few past rows say little: so many, as telling as the shop's own, say that the slope is 1.
_PRIOR_ROWS = 2000.0
_SLOPES = np.round(np.arange(0.7, 1.55, 0.1), 1)
_ONE = int(np.flatnonzero(_SLOPES == 1.0)[0])
_STEP = float(_SLOPES[1] - _SLOPES[0])
# Newton's method for the level of a window: its curve has one valley, and the last slope's level is a good start.
_LEVEL_STEPS, _LEAST_CURVATURE = 4, 1e-9


@dataclass(frozen=True)
class Slope:
    """``slope * margin + intercept``; the intercept keeps the mean probability of the rows it was learned from."""

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, margin: np.ndarray) -> np.ndarray:
        """Stretched log-odds, shape (n,)."""
        stretched: np.ndarray = self.slope * margin + self.intercept
        return stretched


def fit_slope(past: Sequence[PastPrediction]) -> Slope:
    """The slope with the least log loss at past cutoffs, drawn to 1 where they are few; 1 without any."""
    return _chosen(past, [_losses(one) for one in past])


def stretched(
    past: Sequence[PastPrediction], known_before: Callable[[datetime], Sequence[datetime]]
) -> tuple[PastPrediction, ...]:
    """Past predictions, each by the slope of those whose windows were over at its cutoff."""
    losses = {one.cutoff: _losses(one) for one in past}
    found = []
    for one in past:
        known = set(known_before(one.cutoff))
        earlier = [other for other in past if other.cutoff in known]
        slope = _chosen(earlier, [losses[other.cutoff] for other in earlier])
        found.append(replace(one, margin=slope.apply(one.margin)))
    return tuple(found)


def _losses(one: PastPrediction) -> np.ndarray:
    """Log loss of a past cutoff, summed over its rows, by slope and at the level that then suits it best; (slopes,)."""
    margin, churned = one.margin - one.margin.mean(), one.churned
    if not 0 < churned.sum() < len(churned):
        return np.zeros(len(_SLOPES))
    level = shift_to_mean(_SLOPES[0] * margin, float(churned.mean()))
    found = []
    for slope in _SLOPES:
        for _ in range(_LEVEL_STEPS):
            p = to_probability(slope * margin + level)
            level += float((churned - p).sum() / max(float((p * (1 - p)).sum()), _LEAST_CURVATURE))
        found.append(float(row_losses(slope * margin + level, churned).sum()))
    return np.array(found)


def _chosen(past: Sequence[PastPrediction], losses: Sequence[np.ndarray]) -> Slope:
    if not past:
        return Slope()
    lost = np.sum(losses, axis=0)
    rows = sum(len(one.churned) for one in past)
    curvature = max(float(lost[_ONE + 1] - 2 * lost[_ONE] + lost[_ONE - 1]), 0.0) / _STEP**2
    if curvature <= 0:
        return Slope()
    lost = lost + 0.5 * _PRIOR_ROWS * (curvature / rows) * (_SLOPES - 1.0) ** 2
    slope = _lowest(lost)
    margin = np.concatenate([one.margin for one in past])
    return Slope(slope, shift_to_mean(slope * margin, float(to_probability(margin).mean())))


def _lowest(lost: np.ndarray) -> float:
    """Where the parabola through the lowest point of the grid and its neighbours is lowest."""
    k = int(lost.argmin())
    if k in (0, len(lost) - 1):
        return float(_SLOPES[k])
    before, here, after = lost[k - 1 : k + 2]
    return float(_SLOPES[k] + 0.5 * _STEP * (before - after) / (before - 2 * here + after))
