"""The fitted model that scores customers: members on one log-odds scale, averaged, calibrated, levelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from churnkit.tournament.baselines import BASELINE_COLUMNS, FittedBaseline, ReturnCurveRule
from churnkit.tournament.calibration import Platt, Scaling
from churnkit.tournament.candidates import Fitted
from churnkit.tournament.margins import to_probability
from churnkit.tournament.preparation import Preparation
from churnkit.tournament.slope import Slope


def _with_scaling(state: dict[str, Any]) -> dict[str, Any]:
    """What a saved model holds: in those from before there were several ways to calibrate, Platt's was the only one."""
    return {("scaling" if name == "platt" else name): value for name, value in state.items()}


@dataclass(frozen=True)
class Member:
    """One model of a blend (or the purchase process) with its own calibration and its share of the sum."""

    fitted: Fitted | FittedBaseline
    scaling: Scaling
    weight: float

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(_with_scaling(state))


@dataclass(frozen=True)
class ChurnModel:
    """Panel rows in, probability of churn out.

    Attributes
    ----------
    name
        The champion's name in the leaderboard.
    horizon_days
        Length of the outcome window that the probability speaks of.
    preparation, members
        Set for models and blends.
    baseline, scaling
        Set instead when no model beat the baselines.
    level
        Shift of everybody's log-odds for the scoring cutoff.
    """

    name: str
    horizon_days: int
    preparation: Preparation | None
    members: tuple[Member, ...]
    baseline: FittedBaseline | ReturnCurveRule | None = None
    scaling: Scaling = Platt()  # noqa: RUF009 - frozen
    level: float = 0.0

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(_with_scaling(state))

    @property
    def reads(self) -> frozenset[str]:
        """Columns of the panel that a probability may depend on."""
        features = self.preparation.features if self.preparation is not None else ()
        return frozenset((*features, *BASELINE_COLUMNS))

    def matrix(self, rows: pd.DataFrame) -> np.ndarray:
        """Numeric matrix of panel rows, shape (n, features)."""
        assert self.preparation is not None
        return self.preparation.transform(rows).to_numpy(dtype=float)

    def margin(self, rows: pd.DataFrame) -> np.ndarray:
        """Calibrated log-odds of churn, shape (n,)."""
        if self.baseline is not None:
            return self.scaling.apply(self.baseline.margin(rows)) + self.level
        matrix = self.matrix(rows)
        total = np.zeros(len(rows))
        for member in self.members:
            fitted = member.fitted
            raw = fitted.margin(rows) if isinstance(fitted, FittedBaseline) else fitted.margin(matrix)
            total += member.weight * member.scaling.apply(raw)
        return total + self.level

    def p_churn(self, rows: pd.DataFrame) -> np.ndarray:
        """Probability in (0, 1) of no purchase within ``horizon_days``, shape (n,)."""
        return to_probability(self.margin(rows))

    @property
    def slope(self) -> float:
        """How far apart it puts customers, as a share of what its members say together."""
        return sum(member.weight for member in self.members) if self.members else 1.0

    def stretched(self, slope: Slope) -> ChurnModel:
        """The same model of members with its log-odds, before the level, put through ``slope``."""
        if not self.members:
            return self
        weights = [slope.slope * member.weight for member in self.members]
        by = slope.intercept / sum(weights)
        members = tuple(
            replace(member, weight=weight, scaling=member.scaling.shifted(by))
            for member, weight in zip(self.members, weights, strict=True)
        )
        return replace(self, members=members)

    def at_level(self, level: float) -> ChurnModel:
        """The same model with another shift."""
        return replace(self, level=level)
