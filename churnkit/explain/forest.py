"""Contributions of a random forest, fast enough for a whole shop."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logit

from churnkit.tournament.margins import P_MIN, to_logit

_NEAR = 1e-6


def forest_contributions(pipeline: Any, matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Changes of the churn rate along each tree's decision path, credited to the feature of each split.

    The method of Saabas (2014): along the path from root to leaf the node's churn rate moves, and each move
    belongs to the feature that was asked. The moves add up to the forest's probability exactly. They differ from
    Shapley values in that a feature is credited given the splits above it only, so features that are asked late
    get somewhat more; TreeSHAP itself takes 5 s per 1,000 rows on such forests. From probabilities to log-odds each
    row is stretched by one positive factor, the slope of the chord between the reference and the row, so signs and
    proportions stay.

    Returns
    -------
    tuple
        Log-odds contributions (n, features) and the log-odds of the reference, the trees' mean root.
    """
    forest = pipeline.steps[-1][1]
    inputs = np.asarray(pipeline[:-1].transform(matrix), dtype=np.float32)
    churner = int(np.flatnonzero(forest.classes_ == 1)[0])
    leaves = forest.apply(inputs)
    moves = np.zeros(matrix.shape)
    base = 0.0
    for number, tree in enumerate(forest.estimators_):
        paths, root = _path_sums(tree.tree_, churner, matrix.shape[1])
        moves += paths[leaves[:, number]]
        base += root
    count = len(forest.estimators_)
    return _stretched(moves / count, base / count)


def _path_sums(tree: Any, churner: int, feature_count: int) -> tuple[np.ndarray, float]:
    """Per node, the moves on its path by feature (nodes, features); and the root's churn rate."""
    rate = tree.value[:, 0, churner] / tree.value[:, 0, :].sum(axis=1)
    sums = np.zeros((tree.node_count, feature_count))
    level = np.zeros(1, dtype=int)
    while len(level):
        parents = level[tree.children_left[level] >= 0]
        asked = tree.feature[parents]
        children = [tree.children_left[parents], tree.children_right[parents]]
        for child in children:
            sums[child] = sums[parents]
            sums[child, asked] += rate[child] - rate[parents]
        level = np.concatenate(children)
    return sums, float(rate[0])


def _stretched(moves: np.ndarray, base: float) -> tuple[np.ndarray, float]:
    """Moves in probability as moves in (clipped) log-odds."""
    reference = float(np.clip(base, P_MIN, 1 - P_MIN))
    distance = moves.sum(axis=1)
    near = np.abs(distance) < _NEAR
    chord = (to_logit(base + distance) - logit(reference)) / np.where(near, 1.0, distance)
    slope = np.where(near, 1.0 / (reference * (1 - reference)), chord)
    return moves * slope[:, None], float(logit(reference))
