"""What chance alone leaves open in each figure of the leaderboard: 95 % intervals over customers drawn anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import expit

from churnkit.metrics.resampling import Money, draws, measures_of
from churnkit.results.interval import Interval
from churnkit.tournament.evaluation import Stakes
from churnkit.tournament.validated import Validated

MEASURES = (
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
    "accuracy",
    "precision",
    "recall",
    "f1",
    "precision_at_10",
    "precision_at_20",
    "lift_at_10",
    "lift_at_20",
    "profit_share",
)
"""Columns of the leaderboard that have an interval."""
ACTIVE_AUC = "roc_auc_active"
DRAWS = 100
# Two-sided 95 %.
_QUANTILE = 1.959964
# No upper end: a loss and a lift can be any number above 0.
_UNBOUNDED = ("log_loss", "lift_at_10", "lift_at_20")
_LOWEST = {"profit_share": -np.inf}


def measure_intervals(
    found: Validated, thresholds: Mapping[str, float], horizon_days: int, seed: int = 0
) -> dict[str, dict[str, Interval]]:
    """By entrant and measure, ``roc_auc_active`` among them: the figure of the leaderboard and its 95 % interval.

    The figure plus and minus 1.96 standard deviations over 100 draws of as many customers with replacement, kept inside
    the measure's range (Efron and Tibshirani 1993, chapter 13). It holds for other customers of the same dates; how
    the figure moves from date to date is what the spread over folds says. The same draws serve all entrants.

    Parameters
    ----------
    thresholds
        By entrant: the probability from which on a customer is called a leaver.
    horizon_days
        Days of silence up to which a customer counts as active.
    """
    drawn = list(draws(len(found.churned), DRAWS, seed))
    once = np.ones((1, len(found.churned)))
    return {
        name: _of_one(found, name, thresholds[name], horizon_days, once, drawn)
        for name in found.margins
        if name in thresholds
    }


def _of_one(
    found: Validated,
    name: str,
    threshold: float,
    horizon_days: int,
    once: np.ndarray,
    drawn: Sequence[np.ndarray],
) -> dict[str, Interval]:
    p = expit(found.margins[name])
    pieces = [_measures(found.churned, p, found.stakes, threshold, weights) for weights in (once, *drawn)]
    intervals = _intervals(pieces)
    there = found.recency_days <= horizon_days
    if there.any():
        active = [
            {
                ACTIVE_AUC: measures_of(found.churned[there], p[there], w[:, there], threshold=threshold)[
                    "roc_auc"
                ]
            }
            for w in (once, *drawn)
        ]
        intervals |= _intervals(active)
    return intervals


def _measures(
    churned: np.ndarray, p: np.ndarray, stakes: Stakes, threshold: float, weights: np.ndarray
) -> Mapping[str, np.ndarray]:
    # Kept as float32, the customer at the threshold may lie a hair below it.
    money = Money(stakes.value, stakes.contact_cost, stakes.save_rate)
    return measures_of(churned, p, weights, threshold=threshold - 1e-6, money=money)


def _intervals(pieces: Sequence[Mapping[str, np.ndarray]]) -> dict[str, Interval]:
    """The first piece holds the figures themselves, the others those of the draws."""
    found = {}
    for name, value in pieces[0].items():
        figure = float(value[0])
        values = np.concatenate([piece[name] for piece in pieces[1:]])
        reach = _QUANTILE * float(np.nanstd(values)) if np.isfinite(values).any() else np.nan
        top = np.inf if name in _UNBOUNDED else 1.0
        found[name] = Interval(figure, max(figure - reach, _LOWEST.get(name, 0.0)), min(figure + reach, top))
    return found
