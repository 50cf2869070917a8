"""What tuning may try: the default set of every family, and the range and grid of each parameter that is tuned."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

Params = Mapping[str, Any]
"""Keyword arguments of a family's estimator, whose types it alone knows."""


@dataclass(frozen=True)
class Range:
    """Values of one parameter from ``low`` to ``high``, both included.

    Attributes
    ----------
    grid
        The values that a grid search tries.
    log
        Drawn evenly on the logarithm: ten times as much is one step wherever it begins.
    whole
        Whole numbers only.
    """

    low: float
    high: float
    grid: tuple[float, ...]
    log: bool = False
    whole: bool = False

    def draw(self, rng: np.random.Generator) -> float:
        """A value by chance."""
        if self.whole:
            return int(rng.integers(int(self.low), int(self.high) + 1))
        if self.log:
            return math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        return float(rng.uniform(self.low, self.high))


@dataclass(frozen=True)
class Space:
    """The sets of parameters that one family may be given; what is not tuned keeps its default."""

    default: Params
    ranges: Mapping[str, Range] = field(default_factory=dict)

    def draw(self, rng: np.random.Generator) -> Params:
        """A set by chance."""
        return {**self.default, **{name: tuned.draw(rng) for name, tuned in self.ranges.items()}}

    def grid(self) -> Iterator[Params]:
        """All sets of the grid."""
        for values in product(*(tuned.grid for tuned in self.ranges.values())):
            yield {**self.default, **dict(zip(self.ranges, values, strict=True))}


SPACES: Mapping[str, Space] = {
    "logistic_regression": Space(
        {"C": 0.01},
        {"C": Range(5e-4, 1.0, (0.001, 0.003, 0.01, 0.03, 0.1, 0.3), log=True)},
    ),
    "random_forest": Space(
        {"n_estimators": 60, "min_samples_leaf": 20, "max_features": 0.1, "max_samples": 0.3},
        {
            "min_samples_leaf": Range(8, 59, (10, 20, 40), whole=True),
            "max_features": Range(0.05, 0.4, (0.1, 0.2, 0.4)),
        },
    ),
    "xgboost": Space(
        {
            "learning_rate": 0.05,
            "max_depth": 3,
            "min_child_weight": 20.0,
            "colsample": 0.3,
            "reg_lambda": 20.0,
        },
        {
            "max_depth": Range(2, 5, (2, 3, 5), whole=True),
            "min_child_weight": Range(5, 60, (8.0, 40.0), log=True),
            "colsample": Range(0.2, 0.6, (0.3, 0.6)),
            "reg_lambda": Range(3, 100, (5.0, 50.0), log=True),
        },
    ),
    "lightgbm": Space(
        {
            "learning_rate": 0.05,
            "num_leaves": 6,
            "min_child_samples": 60,
            "colsample": 0.3,
            "reg_lambda": 30.0,
        },
        {
            "num_leaves": Range(4, 23, (4, 8, 16), whole=True),
            "min_child_samples": Range(20, 199, (30, 120), whole=True),
            "colsample": Range(0.2, 0.6, (0.3, 0.6)),
            "reg_lambda": Range(3, 100, (5.0, 50.0), log=True),
        },
    ),
    "svm": Space(
        {"C": 0.3, "gamma": 0.003, "components": 100},
        {
            "C": Range(0.03, 3.0, (0.1, 0.3, 1.0), log=True),
            "gamma": Range(5e-4, 0.02, (0.001, 0.003, 0.01), log=True),
        },
    ),
    "decision_tree": Space(
        {"max_depth": 5, "min_samples_leaf": 40},
        {
            "max_depth": Range(2, 8, (3, 5, 8), whole=True),
            "min_samples_leaf": Range(20, 200, (20, 60, 180), whole=True),
        },
    ),
    "small_network": Space(
        {"hidden": 8, "alpha": 3.0, "learning_rate": 0.01, "epochs": 30},
        {
            "hidden": Range(4, 32, (4, 16), whole=True),
            "alpha": Range(0.3, 30.0, (1.0, 10.0), log=True),
            "epochs": Range(15, 80, (20, 60), whole=True),
        },
    ),
}
"""By the family's name in the leaderboard. Learning rates stand still: boosting stops by itself (early stopping)."""
