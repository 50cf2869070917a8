"""Exact contributions of linear models behind the steps of ``linear_pipeline``."""

from __future__ import annotations

import numpy as np
from sklearn.pipeline import Pipeline


def standardised(pipeline: Pipeline, matrix: np.ndarray) -> np.ndarray:
    """Rows as the model behind the scaler sees them, shape (n, inputs): training mean 0, missing flags appended."""
    position = [name for name, _step in pipeline.steps].index("scale")
    return np.asarray(pipeline[: position + 1].transform(matrix), dtype=float)


def input_features(pipeline: Pipeline, feature_count: int) -> np.ndarray:
    """Feature to which each input belongs, shape (inputs,): a missing flag belongs to the feature it flags."""
    flags = pipeline.named_steps["impute"].indicator_
    flagged = np.empty(0, dtype=int) if flags is None else np.asarray(flags.features_, dtype=int)
    return np.concatenate([np.arange(feature_count), flagged])


def sum_inputs(values: np.ndarray, owner: np.ndarray, feature_count: int) -> np.ndarray:
    """Columns of ``values`` (n, inputs) added up by the feature that owns them: (n, features)."""
    total = values[:, :feature_count].copy()
    for position in range(feature_count, values.shape[1]):
        total[:, owner[position]] += values[:, position]
    return total


def linear_contributions(
    pipeline: Pipeline, matrix: np.ndarray, inputs: np.ndarray | None = None
) -> tuple[np.ndarray, float]:
    """Coefficient times distance from the training mean.

    These are the Shapley values of a linear model whose features are taken as independent (Lundberg and Lee 2017,
    corollary 1); the reference is the mean of the training rows, which is 0 after standardisation. ``inputs`` are the
    rows as :func:`standardised` makes them, where somebody has them already.

    Returns
    -------
    tuple
        Log-odds contributions (n, features) and the log-odds of the reference.
    """
    model = pipeline.steps[-1][1]
    inputs = standardised(pipeline, matrix) if inputs is None else inputs
    owner = input_features(pipeline, matrix.shape[1])
    return sum_inputs(inputs * model.coef_[0], owner, matrix.shape[1]), float(model.intercept_[0])
