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
from churnkit.tournament.margins import row_losses, to_logit, to_probability

# A few past rows say little: so many, as telling as the shop's own, say that the slope is 1.
_PRIOR_ROWS = 2000.0
_SLOPES = np.round(np.arange(0.7, 1.55, 0.1), 1)
_ONE = int(np.flatnonzero(_SLOPES == 1.0)[0])
_STEP = float(_SLOPES[1] - _SLOPES[0])
# Newton's method for the level of a window: its curve has one valley, and the last slope's level is a good start.
_LEVEL_STEPS, _LEAST_CURVATURE = 4, 1e-9
_FIRST_LEVEL_STEPS, _SAME = 10, 1e-9


@dataclass(frozen=True)
class Slope:
    """``slope * margin + intercept``; the intercept keeps the mean probability of the rows it was learned from."""

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, margin: np.ndarray) -> np.ndarray:
        """Stretched log-odds, shape (n,)."""
        stretched: np.ndarray = self.slope * margin + self.intercept
        return stretched


class Slopes:
    """Slopes by what is known of a champion's past; what each past date says is worked out once."""

    def __init__(self) -> None:
        self._losses: dict[datetime, np.ndarray] = {}

    def fit(self, past: Sequence[PastPrediction]) -> Slope:
        """The slope with the least log loss at past cutoffs, drawn to 1 where they are few; 1 without any."""
        if not past:
            return Slope()
        lost = np.sum([self._losses_of(one) for one in past], axis=0)
        rows = sum(len(one.churned) for one in past)
        curvature = float(lost[_ONE + 1] - 2 * lost[_ONE] + lost[_ONE - 1]) / _STEP**2
        if curvature <= 0:
            return Slope()
        slope = _lowest(lost + 0.5 * _PRIOR_ROWS * (curvature / rows) * (_SLOPES - 1.0) ** 2)
        margin = np.concatenate([one.margin for one in past])
        return Slope(slope, _kept_mean(slope, margin))

    def stretched(
        self, past: Sequence[PastPrediction], known_before: Callable[[datetime], Sequence[datetime]]
    ) -> tuple[PastPrediction, ...]:
        """Past predictions, each by the slope of those whose windows were over at its cutoff."""
        found = []
        for one in past:
            known = set(known_before(one.cutoff))
            slope = self.fit([other for other in past if other.cutoff in known])
            found.append(replace(one, margin=slope.apply(one.margin)))
        return tuple(found)

    def _losses_of(self, one: PastPrediction) -> np.ndarray:
        if one.cutoff not in self._losses:
            self._losses[one.cutoff] = _losses(one)
        return self._losses[one.cutoff]


def _losses(one: PastPrediction) -> np.ndarray:
    """Log loss of a past cutoff, summed over its rows, by slope and at the level that then suits it best; (slopes,)."""
    margin, churned = one.margin - one.margin.mean(), one.churned
    if not 0 < churned.sum() < len(churned):
        return np.zeros(len(_SLOPES))
    level = float(to_logit(churned.mean()))
    found: list[float] = []
    for slope in _SLOPES:
        for _ in range(_LEVEL_STEPS if found else _FIRST_LEVEL_STEPS):
            p = to_probability(slope * margin + level)
            level += float((churned - p).sum() / max(float((p * (1 - p)).sum()), _LEAST_CURVATURE))
        found.append(float(row_losses(slope * margin + level, churned).sum()))
    return np.array(found)


def _kept_mean(slope: float, margin: np.ndarray) -> float:
    """What to add to ``slope * margin`` so that the mean probability stays."""
    mean, by = float(to_probability(margin).mean()), (1 - slope) * float(margin.mean())
    for _ in range(_FIRST_LEVEL_STEPS):
        p = to_probability(slope * margin + by)
        step = (mean - float(p.mean())) / max(float((p * (1 - p)).mean()), _LEAST_CURVATURE)
        by += step
        if abs(step) < _SAME:
            break
    return by


def _lowest(lost: np.ndarray) -> float:
    """Where the parabola through the lowest point of the grid and its neighbours is lowest."""
    k = int(lost.argmin())
    if k in (0, len(lost) - 1):
        return float(_SLOPES[k])
    before, here, after = lost[k - 1 : k + 2]
    return float(_SLOPES[k] + 0.5 * _STEP * (before - after) / (before - 2 * here + after))
