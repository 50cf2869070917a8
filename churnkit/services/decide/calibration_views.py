"""How each way of calibrating a model would have done on the validation customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from scipy.special import expit

from churnkit import metrics
from churnkit.metrics import ReliabilityBin
from churnkit.results.folders import Results
from churnkit.tournament.validated import validated

METHODS: Mapping[str, tuple[str, str]] = {
    "none": ("As the model says", "its own probabilities, unchanged"),
    "platt": (
        "Platt",
        "a straight line through the log-odds (Platt 1999): two numbers, safe with few customers",
    ),
    "isotonic": (
        "Isotonic",
        "a rising staircase (Zadrozny and Elkan 2002): bends anywhere, needs a thousand customers",
    ),
    "temperature": (
        "Temperature",
        "all log-odds divided by one number (Guo 2017): less sure, or more, of everything",
    ),
}
"""Way of calibrating -> its name on screen, and what it does."""


@dataclass(frozen=True)
class MethodCurve:
    """One way of calibrating one model, fitted on the other folds.

    Attributes
    ----------
    method
        A key of ``METHODS``.
    bins
        Ten groups of equal size by probability, ascending.
    ece, log_loss
        Expected calibration error over these groups, and log loss: lower is better.
    chosen
        Whether the model's probabilities come from it.
    """

    method: str
    bins: tuple[ReliabilityBin, ...]
    ece: float
    log_loss: float
    chosen: bool

    @property
    def name(self) -> str:
        """As it reads on screen."""
        return METHODS[self.method][0] if self.method in METHODS else self.method


def calibrated_models(results: Results) -> list[str]:
    """Models whose calibration was chosen among several ways, the champion first; none in an earlier run."""
    frame = results.validation
    if frame is None:
        return []
    several = validated(frame).by_method
    return [row.candidate for row in results.leaderboard if row.candidate in several]


def method_curves(results: Results, candidate: str) -> tuple[MethodCurve, ...]:
    """Every way of calibrating one of :func:`calibrated_models`."""
    frame = results.validation
    assert frame is not None
    found = validated(frame)
    chosen = next(row.calibration for row in results.leaderboard if row.candidate == candidate)
    curves = []
    for method, margin in found.by_method[candidate].items():
        p = expit(margin)
        curves.append(
            MethodCurve(
                method,
                metrics.reliability_table(found.churned, p),
                metrics.ece(found.churned, p),
                metrics.log_loss(found.churned, p),
                method == chosen,
            )
        )
    return tuple(curves)


def methods_table(curves: tuple[MethodCurve, ...]) -> pd.DataFrame:
    """One row per way: ``name`` with a star for the chosen one, ``log_loss``, ``ece``, ``about``."""
    return pd.DataFrame(
        {
            "name": [f"★ {one.name}" if one.chosen else one.name for one in curves],
            "log_loss": [one.log_loss for one in curves],
            "ece": [one.ece for one in curves],
            "about": [METHODS[one.method][1] if one.method in METHODS else "" for one in curves],
        }
    )
