"""Exact contributions of a random forest: shap's TreeSHAP, asked once for customers who differ in nothing.

No two customers answer all questions of a deep tree alike, but contributions add up over its leaves. So each tree is cut
into twigs of a few leaves. What a twig adds depends on the questions that lead to it and those inside it alone, and in
their answers 20,000 customers fall into a few hundred groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import logit

from churnkit.explain.alike import alike
from churnkit.explain.twigs import Twig, cut, trees_of
from churnkit.tournament.margins import P_MIN, to_logit

_NEAR = 1e-6
# Larger twigs are fewer, but fewer customers are alike in them. Eight leaves came out fastest on shops of 1,000 to 20,000
# customers; a few hundred are asked about whole trees.
_LEAVES_OF_TWIG = 8
_FEW_CUSTOMERS = 300


def forest_contributions(pipeline: Any, matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Path-dependent TreeSHAP (Lundberg et al. 2018, algorithm 2) of the churn rate, carried over to log-odds.

    A forest averages probabilities, so its Shapley values add up to a probability. From there to log-odds each row
    is stretched by one positive factor, the slope of the chord between the reference and the row, so signs and
    proportions stay. This is the rescale rule of Shrikumar et al. (2017), by which Chen, Lundberg and Lee (2022)
    carry Shapley values over to a function of the output.

    Returns
    -------
    tuple
        Log-odds contributions (n, features) and the log-odds of the reference, the trees' mean root.
    """
    forest = pipeline.steps[-1][1]
    # The forest compares single-precision values with double-precision thresholds.
    inputs = np.asarray(pipeline[:-1].transform(matrix), dtype=np.float32).astype(float)
    churner = int(np.flatnonzero(forest.classes_ == 1)[0])
    trees, thresholds = trees_of(forest, churner)
    places = {feature: np.searchsorted(known, inputs[:, feature]) for feature, known in thresholds.items()}
    place_counts = {feature: len(known) + 1 for feature, known in thresholds.items()}
    # One row per feature, as every twig adds to a few features of all customers.
    moves = np.zeros((matrix.shape[1], len(inputs)))
    for tree in trees:
        for twig in cut(tree, _LEAVES_OF_TWIG if len(inputs) > _FEW_CUSTOMERS else tree.leaves[0]):
            _add(moves, twig, places, place_counts)
    base = sum(tree.rate[0] for tree in trees)
    return _stretched(moves.T / len(trees), base / len(trees))


def _add(
    moves: np.ndarray, twig: Twig, places: Mapping[int, np.ndarray], place_counts: Mapping[int, int]
) -> None:
    """Add what a twig contributes to ``moves``, shape (features, n)."""
    if not twig.asked:
        return
    # Heavy, and needed where a forest won only.
    from shap import TreeExplainer

    answers = {f: twig.answers(f, place_counts[f])[places[f]] for f in twig.asked}
    choices = (len(ranks) + 2 for ranks in twig.asked.values())
    first, group = alike(zip(answers.values(), choices, strict=True), moves.shape[1])
    asked = np.stack([given[first] for given in answers.values()], axis=1).astype(float)
    explainer = TreeExplainer({"trees": [twig.model()]}, feature_perturbation="tree_path_dependent")
    parts = np.ascontiguousarray(explainer.shap_values(asked, check_additivity=False).T)
    for feature, part in zip(answers, parts, strict=True):
        moves[feature] += part[group]


def _stretched(moves: np.ndarray, base: float) -> tuple[np.ndarray, float]:
    """Moves in probability as moves in (clipped) log-odds."""
    reference = float(np.clip(base, P_MIN, 1 - P_MIN))
    distance = moves.sum(axis=1)
    near = np.abs(distance) < _NEAR
    chord = (to_logit(base + distance) - logit(reference)) / np.where(near, 1.0, distance)
    slope = np.where(near, 1.0 / (reference * (1 - reference)), chord)
    return moves * slope[:, None], float(logit(reference))
