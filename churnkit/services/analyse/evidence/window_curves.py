"""How the forecast of the test window did: ranking, calibration, calls and money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from churnkit import metrics
from churnkit.services.analyse.evidence.gathered import Missing, Part
from churnkit.services.analyse.evidence.window import LastWindow
from churnkit.text import figures
from churnkit.tournament.backtest import PastOutcome, profit_by_reach

CALIBRATION_BINS = 10
PROFIT_POINTS = 200
KEYS = ("roc", "precision_recall", "calibration", "confusion", "profit")


def window_curves(window: LastWindow | Missing, threshold: float | None, currency: str | None) -> Part:
    """``roc``, ``precision_recall``, ``calibration``, ``confusion`` and ``profit``.

    Parameters
    ----------
    threshold
        Probability at or above which the champion calls a customer a churner, chosen before the window was seen.
    """
    if isinstance(window, Missing) or threshold is None:
        reason = window if isinstance(window, Missing) else Missing("No model was trained.")
        return dict.fromkeys(KEYS, reason)
    return {
        "roc": _by_model(window, roc_points),
        "precision_recall": _by_model(window, precision_recall_points),
        "calibration": calibration(window.churned, window.p_churn),
        "confusion": confusion(window, threshold, currency),
        "profit": profit(window.outcome),
    }


def _by_model(window: LastWindow, points: Any) -> Mapping[str, Any]:
    return {
        "champion": points(window.churned, window.p_churn),
        "baselines": {name: points(window.churned, p) for name, p in window.by_rule.items()},
    }


def roc_points(churned: np.ndarray, score: np.ndarray) -> list[dict[str, float]]:
    """``[{fpr, tpr}]`` from (0, 0) to (1, 1)."""
    false_rate, true_rate = metrics.roc_curve(churned, score)
    return [{"fpr": float(f), "tpr": float(t)} for f, t in zip(false_rate, true_rate, strict=True)]


def precision_recall_points(churned: np.ndarray, score: np.ndarray) -> list[dict[str, float]]:
    """``[{recall, precision}]``, recall ascending."""
    recall, precision = metrics.precision_recall_curve(churned, score)
    return [{"recall": float(r), "precision": float(p)} for r, p in zip(recall, precision, strict=True)]


def calibration(churned: np.ndarray, p: np.ndarray) -> dict[str, Any]:
    """Predicted against observed over ten groups of equal size, and the error that sums them up."""
    bins = metrics.reliability_table(churned, p, CALIBRATION_BINS)
    return {
        "bins": [{"predicted": b.p_mean, "observed": b.observed, "customers": b.count} for b in bins],
        "ece": metrics.ece(churned, p, CALIBRATION_BINS),
        "bin_count": len(bins),
    }


def confusion(window: LastWindow, threshold: float, currency: str | None) -> dict[str, Any]:
    """Counts at the threshold and what they mean to a shop."""
    counts = metrics.confusion(window.churned, window.p_churn, threshold)
    left = counts.true_positives + counts.false_negatives
    called = counts.true_positives + counts.false_positives
    stayed = counts.count - left
    cost = window.outcome.stakes.contact_cost
    words = [
        f"{figures.count(called)} of {figures.count(counts.count)} customers were called likely leavers. Of these"
        f" {figures.count(counts.true_positives)} did leave ({figures.percent(counts.precision)}).",
        f"{figures.count(left)} customers left. {figures.count(counts.true_positives)} of them had been called"
        f" ({figures.percent(counts.recall)}), {figures.count(counts.false_negatives)} came as a surprise.",
        f"{figures.count(stayed)} customers stayed. {figures.count(counts.false_positives)} of them would have been"
        f" contacted for nothing, at {figures.money(cost, currency)} each,"
        f" {figures.money(counts.false_positives * cost, currency)} in all.",
    ]
    return {
        "threshold": threshold,
        "true_positive": counts.true_positives,
        "false_positive": counts.false_positives,
        "true_negative": counts.true_negatives,
        "false_negative": counts.false_negatives,
        "words": words,
    }


def profit(outcome: PastOutcome) -> dict[str, Any]:
    """What contacting the best k would have earned: in the model's order, longest silent first, at random, everybody."""
    by_model = profit_by_reach(outcome, outcome.p_churn * outcome.stakes.value)
    by_recency = profit_by_reach(outcome, outcome.recency_days)
    count = len(outcome.p_churn)
    reach = np.unique(np.linspace(0, count, min(PROFIT_POINTS, count + 1)).round().astype(int))
    everybody = float(by_model[-1])
    return {
        "contacted": reach.tolist(),
        "model": by_model[reach].tolist(),
        "recency": by_recency[reach].tolist(),
        "random": (everybody * reach / count).tolist(),
        "everybody": everybody,
        "contact_cost": outcome.stakes.contact_cost,
        "save_rate": outcome.stakes.save_rate,
    }
