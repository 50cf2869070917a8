"""Few leavers or few stayers: weights, made-up rows or fewer rows, and what that adds to the log-odds."""

from __future__ import annotations

import numpy as np

from churnkit.config import SMALL_CLASS_SHARE, Imbalance
from churnkit.tournament.margins import to_logit

_NEIGHBOURS = 5


def rebalanced(
    x: np.ndarray, y: np.ndarray, imbalance: Imbalance, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, float]:
    """Rows, outcomes and weights to fit on, and the log-odds that the rebalancing added to every answer.

    ==================  ===============================================================================
    ``class_weight``    every row stays; the two classes weigh the same
    ``smote``           made-up customers between neighbours of the smaller class (Chawla et al. 2002)
    ``undersample``     as many rows of the larger class as the smaller one has, drawn by chance
    ``none``            the rows as they are
    ==================  ===============================================================================

    SMOTE and undersampling take effect below ``config.SMALL_CLASS_SHARE``; above it class weights do the same without
    making up or losing a row.

    Parameters
    ----------
    x, y
        Matrix (n, features), NaN where missing, and outcome (n,), 0 or 1.
    """
    rate = float(y.mean())
    if imbalance == "none" or rate in (0.0, 1.0):
        return x, y, None, 0.0
    offset = float(-to_logit(rate))
    if min(rate, 1 - rate) < SMALL_CLASS_SHARE:
        neighbours = int(min(_NEIGHBOURS, min(y.sum(), len(y) - y.sum()) - 1))
        if imbalance == "smote" and neighbours >= 1:
            made_x, made_y = _with_made_up_rows(x, y, neighbours, seed)
            return made_x, made_y, None, offset
        if imbalance == "undersample":
            kept = _balanced_rows(y, seed)
            return x[kept], y[kept], None, offset
    return x, y, np.where(y == 1, 0.5 / rate, 0.5 / (1 - rate)), offset


def _with_made_up_rows(
    x: np.ndarray, y: np.ndarray, neighbours: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    from imblearn.over_sampling import SMOTE

    # SMOTE interpolates between neighbours and cannot where a value is missing.
    filled = np.where(np.isnan(x), np.nanmedian(np.where(np.isnan(x).all(axis=0), 0.0, x), axis=0), x)
    made: tuple[np.ndarray, np.ndarray] = SMOTE(random_state=seed, k_neighbors=neighbours).fit_resample(
        filled, y
    )
    return made


def _balanced_rows(y: np.ndarray, seed: int) -> np.ndarray:
    """Positions of the smaller class and of as many others, ascending."""
    smaller = np.flatnonzero(y == (1 if y.mean() < 0.5 else 0))
    larger = np.setdiff1d(np.arange(len(y)), smaller)
    drawn = np.random.default_rng(seed).choice(larger, len(smaller), replace=False)
    return np.sort(np.concatenate([smaller, drawn]))
