"""How well scores order customers: nothing here looks at the level of a score, only at its rank."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from churnkit.errors import ModelError
from churnkit.metrics.inputs import (
    FloatArray,
    by_descending_score,
    read_labels,
)


def roc_auc(y: ArrayLike, score: ArrayLike) -> float:
    """Probability that a churner scores above a stayer, a tie counting one half.

    Parameters
    ----------
    y
        Shape (n,), 0 or 1 (churned).
    score
        Shape (n,), any finite numbers.

    Returns
    -------
    float
        In [0, 1]; NaN when ``y`` holds one class only.

    Raises
    ------
    ModelError
        Empty or unequally long input, values that are not finite, labels other than 0 and 1. The same holds
        for every function of this package.

    Examples
    --------
    >>> roc_auc([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1])
    0.75
    """
    labels, scores = read_labels(y, score=score)
    churners = labels.sum()
    stayers = labels.size - churners
    if churners == 0 or stayers == 0:
        return math.nan
    _, tie, size = np.unique(scores, return_inverse=True, return_counts=True)
    midrank = np.cumsum(size) - (size - 1) / 2
    above = np.sum(labels * midrank[tie]) - churners * (churners + 1) / 2
    return float(above / (churners * stayers))


def roc_auc_variance(y: ArrayLike, score: ArrayLike) -> float:
    """Variance of :func:`roc_auc` over samples of as many churners and stayers (DeLong et al. 1988).

    Of each churner the share of stayers below, of each stayer the share of churners above, ties one half: their
    variances, each over its number.

    Returns
    -------
    float
        At least 0; NaN with fewer than two churners or two stayers.

    Examples
    --------
    >>> round(roc_auc_variance([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]), 3)
    0.125
    """
    labels, scores = read_labels(y, score=score)
    churners, stayers = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    if min(churners.size, stayers.size) < 2:
        return math.nan
    below = _share_below(stayers, churners)
    above = 1.0 - _share_below(churners, stayers)
    return float(below.var(ddof=1) / churners.size + above.var(ddof=1) / stayers.size)


def _share_below(others: FloatArray, scores: FloatArray) -> FloatArray:
    """Share of the ascending ``others`` below each of ``scores``, an equal one counting one half."""
    left, right = np.searchsorted(others, scores, "left"), np.searchsorted(others, scores, "right")
    share: FloatArray = (left + right) / (2.0 * others.size)
    return share


def normalised_gini(y: ArrayLike, score: ArrayLike) -> float:
    """``2 * roc_auc - 1``, in [-1, 1]; NaN when ``y`` holds one class only."""
    return 2 * roc_auc(y, score) - 1


def average_precision(y: ArrayLike, score: ArrayLike) -> float:
    """Mean precision over the churners, from the highest score down.

    The sum over distinct scores of the recall gained there times the precision at that score, so that tied
    customers enter together.

    Returns
    -------
    float
        In (0, 1]; NaN when nobody churned.

    Examples
    --------
    >>> average_precision([1, 0, 0, 1], [0.9, 0.8, 0.7, 0.1])
    0.75
    """
    labels, scores = read_labels(y, score=score)
    churners = labels.sum()
    if churners == 0:
        return math.nan
    _, tie, size = np.unique(-scores, return_inverse=True, return_counts=True)
    found = np.bincount(tie, weights=labels)
    precision = np.cumsum(found) / np.cumsum(size)
    return float(np.sum(found * precision) / churners)


def top_count(count: int, k_share: float) -> int:
    """Number of customers in the top ``k_share`` of ``count``: rounded half up, at least one.

    Examples
    --------
    >>> top_count(25, 0.1)
    3
    >>> top_count(3, 0.1)
    1
    """
    if not 0 < k_share <= 1:
        raise ModelError(f"Ranking customers: k_share must lie in (0, 1], found {k_share!r}.")
    return max(1, math.floor(count * k_share + 0.5))


def precision_at_k(y: ArrayLike, score: ArrayLike, k_share: float) -> float:
    """Share of churners among the ``k_share`` of customers with the highest scores, in [0, 1].

    A tie across the boundary counts with its mean, see ``by_descending_score``.

    Examples
    --------
    >>> precision_at_k([1, 0, 0, 1], [0.9, 0.8, 0.7, 0.1], 0.5)
    0.5
    """
    labels, scores = read_labels(y, score=score)
    (ordered,) = by_descending_score(scores, labels)
    return float(ordered[: top_count(labels.size, k_share)].mean())


def lift_at_k(y: ArrayLike, score: ArrayLike, k_share: float) -> float:
    """``precision_at_k`` over the base rate: 1 is no better than random; NaN when nobody churned.

    Examples
    --------
    >>> lift_at_k([1, 0, 0, 1], [0.9, 0.8, 0.7, 0.1], 0.25)
    2.0
    """
    precision = precision_at_k(y, score, k_share)
    rate = base_rate(y)
    return precision / rate if rate > 0 else math.nan


def base_rate(y: ArrayLike) -> float:
    """Share of churners, in [0, 1]."""
    (labels,) = read_labels(y)
    return float(labels.mean())
