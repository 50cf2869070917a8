"""Curves over all thresholds, thinned to what a chart can show."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from churnkit.metrics.inputs import FloatArray, read_labels

MAX_POINTS = 200


def roc_curve(y: ArrayLike, score: ArrayLike, *, points: int = MAX_POINTS) -> tuple[FloatArray, FloatArray]:
    """False and true positive rates from (0, 0) to (1, 1), tied scores entering together.

    Returns
    -------
    tuple of FloatArray
        Equally long, ascending, at most ``points`` of them spread evenly along the curve; empty when ``y`` holds one
        class only, because a rate of nobody is no number.
    """
    found, called, churners, count = _steps(y, score)
    if churners in (0, count):
        return np.empty(0), np.empty(0)
    true_rate = np.concatenate([[0.0], found / churners])
    false_rate = np.concatenate([[0.0], (called - found) / (count - churners)])
    kept = _spread(true_rate + false_rate, points)
    return false_rate[kept], true_rate[kept]


def precision_recall_curve(
    y: ArrayLike, score: ArrayLike, *, points: int = MAX_POINTS
) -> tuple[FloatArray, FloatArray]:
    """Recall (ascending) and the precision there, tied scores entering together.

    At most ``points``, spread evenly over the recall; empty when nobody churned.
    """
    found, called, churners, _count = _steps(y, score)
    if churners == 0:
        return np.empty(0), np.empty(0)
    recall, precision = found / churners, found / called
    kept = _spread(recall, points)
    return recall[kept], precision[kept]


def _steps(y: ArrayLike, score: ArrayLike) -> tuple[FloatArray, FloatArray, float, int]:
    """Churners found and customers called down to each distinct score, highest first; all churners, all customers."""
    labels, scores = read_labels(y, score=score)
    _, tie, size = np.unique(-scores, return_inverse=True, return_counts=True)
    found: FloatArray = np.cumsum(np.bincount(tie, weights=labels))
    return found, np.cumsum(size, dtype=np.float64), float(labels.sum()), labels.size


def _spread(along: FloatArray, points: int) -> np.ndarray:
    """Positions of at most ``points`` values of the ascending ``along``: first, last and the nearest to even steps."""
    if len(along) <= points:
        return np.arange(len(along))
    steps = np.linspace(along[0], along[-1], points)
    kept = np.unique(np.minimum(np.searchsorted(along, steps), len(along) - 1))
    kept[0], kept[-1] = 0, len(along) - 1
    return kept
