"""Exact contributions of boosted trees, from the libraries' own TreeSHAP."""

from __future__ import annotations

from typing import Any

import numpy as np


def lightgbm_contributions(estimator: Any, matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Path-dependent TreeSHAP (Lundberg et al. 2020, algorithm 2) in log-odds.

    Returns
    -------
    tuple
        Contributions (n, features) and the mean output over the training rows that the trees' covers describe.
    """
    return _split(np.asarray(estimator.predict(matrix, pred_contrib=True), dtype=float))


def xgboost_contributions(
    estimator: Any, matrix: np.ndarray, tree_count: int | None
) -> tuple[np.ndarray, float]:
    """As :func:`lightgbm_contributions`, over the first ``tree_count`` trees (those before early stopping, all if None)."""
    import xgboost

    values = estimator.get_booster().predict(
        xgboost.DMatrix(matrix, nthread=1), pred_contribs=True, iteration_range=(0, tree_count or 0)
    )
    return _split(np.asarray(values, dtype=float))


def _split(values: np.ndarray) -> tuple[np.ndarray, float]:
    return values[:, :-1], float(values[0, -1])
