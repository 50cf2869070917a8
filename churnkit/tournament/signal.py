"""What validation proves of each entrant: its lead over the default, its gain over the base rate, its order of risk."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from churnkit import metrics
from churnkit.tournament.baselines import BASE_RATE
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.margins import paired, row_losses, shift_to_mean
from churnkit.tournament.names import BLEND

# With fewer validation rows a lead is luck as often as not: nobody is chosen over the blend.
MIN_ROWS_TO_CHOOSE = 500
# Two-sided 95 %.
_QUANTILE = 1.959964


def standings(entrants: Sequence[Entrant], validation: Validation) -> pd.DataFrame:
    """One row per entrant: ``candidate``, ``lead``, ``lead_error``, ``gain``, ``gain_error``, ``roc_auc_low``.

    ``lead`` is by how much its log loss lies below that of the default, the blend (NaN without one, or with fewer than
    ``MIN_ROWS_TO_CHOOSE`` rows), ``gain`` by how much below that of the base rate; each with the standard error of the
    paired difference, of one row a customer. Everybody is held against the outcome at the churn rate of the fold: the
    level of the next window is another step (``level``), and here only what tells customers apart counts.
    ``roc_auc_low`` is the lower end of the 95 % interval (DeLong) of the AUC inside the folds.
    """
    levelled = {one.name: _levelled(one.margin, validation) for one in entrants}
    losses = {name: row_losses(margin, validation.churned) for name, margin in levelled.items()}
    has_default = BLEND in losses and len(validation.churned) >= MIN_ROWS_TO_CHOOSE
    rows = []
    for name, margin in levelled.items():
        lead = paired(losses[BLEND], losses[name]) if has_default else (math.nan, math.nan)
        folds = [(validation.churned[fold], margin[fold]) for fold in _folds(validation)]
        auc, error = auc_within(folds)
        rows.append((name, *lead, *paired(losses[BASE_RATE], losses[name]), auc - _QUANTILE * error))
    return pd.DataFrame(
        rows, columns=["candidate", "lead", "lead_error", "gain", "gain_error", "roc_auc_low"]
    )


def auc_within(groups: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[float, float]:
    """Share of pairs of a leaver and a stayer of the same group that are in order, and its standard error.

    ``groups`` are outcomes and scores, each (n,). Each group weighs by its pairs; one without both outcomes has none.
    """
    pairs = np.array([y.sum() * (1 - y).sum() for y, _ in groups], dtype=float)
    if not pairs.any():
        return math.nan, math.nan
    both = [group for group, count in zip(groups, pairs, strict=True) if count]
    weights = pairs[pairs > 0] / pairs.sum()
    auc = weights @ [metrics.roc_auc(y, score) for y, score in both]
    return float(auc), math.sqrt(float(weights**2 @ [_variance(y, score) for y, score in both]))


def _variance(churned: np.ndarray, score: np.ndarray) -> float:
    """DeLong's; of chance (Mann and Whitney 1947) where a single leaver or stayer leaves that undefined."""
    found = metrics.roc_auc_variance(churned, score)
    if not math.isnan(found):
        return found
    left = float(churned.sum())
    stayed = len(churned) - left
    return (left + stayed + 1) / (12 * left * stayed)


def _folds(validation: Validation) -> list[np.ndarray]:
    return [validation.fold == k for k in np.unique(validation.fold)]


def _levelled(margin: np.ndarray, validation: Validation) -> np.ndarray:
    """With the mean probability of each fold moved to its churn rate."""
    moved = margin.copy()
    for rows in _folds(validation):
        moved[rows] += shift_to_mean(margin[rows], float(validation.churned[rows].mean()))
    return moved
