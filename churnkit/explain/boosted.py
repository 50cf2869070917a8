"""Exact contributions of boosted trees: the libraries' own TreeSHAP, asked once for customers who differ in nothing.

A tree of a few leaves asks a few questions, so 20,000 customers give it a few dozen different sets of answers. TreeSHAP
is run on one customer of each set and tree by tree, which gives the very numbers of one call on everybody, some ten times
sooner. A few customers are asked about in that one call: looking at every tree would take longer than asking all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from churnkit.explain.alike import alike
from churnkit.results.codec import JsonObject

# A tree's questions: feature -> sorted thresholds.
Questions = Mapping[int, np.ndarray]
Explain = Callable[[np.ndarray, int], np.ndarray]
_FEW_CUSTOMERS = 64


def lightgbm_contributions(estimator: Any, matrix: np.ndarray, tree_count: int | None) -> np.ndarray:
    """Path-dependent TreeSHAP (Lundberg et al. 2018, algorithm 2) in log-odds over the first ``tree_count`` trees.

    Returns
    -------
    numpy.ndarray
        Contributions, shape (n, features). They add up to the margin less one constant.
    """
    booster = estimator.booster_
    count = tree_count or booster.current_iteration()
    if len(matrix) <= _FEW_CUSTOMERS:
        whole: np.ndarray = booster.predict(matrix, pred_contrib=True, num_iteration=count, num_threads=1)
        return whole[:, :-1]
    trees = [_lightgbm_questions(tree) for tree in booster.dump_model(num_iteration=count)["tree_info"]]

    def explain(rows: np.ndarray, tree: int) -> np.ndarray:
        parts: np.ndarray = booster.predict(
            rows, pred_contrib=True, start_iteration=tree, num_iteration=1, num_threads=1
        )
        return parts

    return _summed(matrix, trees, explain, goes_left_on_threshold=True)


def xgboost_contributions(estimator: Any, matrix: np.ndarray, tree_count: int | None) -> np.ndarray:
    """As :func:`lightgbm_contributions`."""
    import xgboost

    booster = estimator.get_booster()
    if len(matrix) <= _FEW_CUSTOMERS:
        count = tree_count or booster.num_boosted_rounds()
        data = xgboost.DMatrix(matrix.astype(np.float32), nthread=1)
        whole: np.ndarray = booster.predict(data, pred_contribs=True, iteration_range=(0, count))
        return whole[:, :-1].astype(float)
    stored = json.loads(booster.save_raw(raw_format="json"))["learner"]["gradient_booster"]["model"]["trees"]
    trees = [_xgboost_questions(tree) for tree in stored[: tree_count or len(stored)]]

    def explain(rows: np.ndarray, tree: int) -> np.ndarray:
        parts: np.ndarray = booster[tree : tree + 1].predict(
            xgboost.DMatrix(rows, nthread=1), pred_contribs=True
        )
        return parts

    return _summed(matrix.astype(np.float32), trees, explain, goes_left_on_threshold=False)


def _lightgbm_questions(tree: JsonObject) -> Questions:
    return _sorted_questions(_lightgbm_splits(tree["tree_structure"]))


def _lightgbm_splits(node: JsonObject) -> Iterator[tuple[int, float]]:
    if "split_feature" in node:
        yield node["split_feature"], node["threshold"]
        yield from _lightgbm_splits(node["left_child"])
        yield from _lightgbm_splits(node["right_child"])


def _xgboost_questions(tree: JsonObject) -> Questions:
    parts = zip(tree["split_indices"], tree["split_conditions"], tree["left_children"], strict=True)
    return _sorted_questions(
        (feature, np.float32(threshold)) for feature, threshold, left in parts if left >= 0
    )


def _sorted_questions(splits: Iterator[tuple[int, Any]]) -> Questions:
    asked: dict[int, set[Any]] = {}
    for feature, threshold in splits:
        asked.setdefault(feature, set()).add(threshold)
    return {feature: np.array(sorted(thresholds)) for feature, thresholds in asked.items()}


def _summed(
    matrix: np.ndarray, trees: Sequence[Questions], explain: Explain, *, goes_left_on_threshold: bool
) -> np.ndarray:
    """Contributions over all trees, shape (n, features)."""
    # One row per feature, as every tree adds to a few features of all customers.
    total = np.zeros((matrix.shape[1], len(matrix)))
    gathered = np.empty(len(matrix))
    answers = _Answers(matrix, trees, "left" if goes_left_on_threshold else "right")
    for number, questions in enumerate(trees):
        if not questions:
            continue
        first, same_as = answers.sets(questions)
        values = np.asarray(explain(matrix[first], number), dtype=float).T
        for feature in questions:
            # From a column that lies in one piece, into memory that is there: the gathers are most of the work.
            np.take(np.ascontiguousarray(values[feature]), same_as, out=gathered, mode="clip")
            total[feature] += gathered
    return total.T


class _Answers:
    """What each customer answers to a tree's questions.

    Parameters
    ----------
    matrix
        Shape (n, features).
    trees
        Questions of all trees.
    side
        Whether a value on the threshold counts as below it ("left") or above ("right").
    """

    def __init__(
        self, matrix: np.ndarray, trees: Sequence[Questions], side: Literal["left", "right"]
    ) -> None:
        self.count = len(matrix)
        self.thresholds = {
            feature: np.unique(np.concatenate([tree[feature] for tree in trees if feature in tree]))
            for feature in sorted({feature for tree in trees for feature in tree})
        }
        self.places = {
            feature: _places(matrix[:, feature], thresholds, side)
            for feature, thresholds in self.thresholds.items()
        }

    def sets(self, questions: Questions) -> tuple[np.ndarray, np.ndarray]:
        """One row for each set of answers, and for every row the number of its set, shape (n,)."""
        return alike(self._given(questions), self.count)

    def _given(self, questions: Questions) -> Iterator[tuple[np.ndarray, int]]:
        for feature, thresholds in questions.items():
            known = self.thresholds[feature]
            # A place k lies behind the k-th known threshold; the last place is "missing", which no number shares.
            answer_of = np.concatenate(
                [[0], np.searchsorted(thresholds, known, side="right"), [len(thresholds) + 1]]
            )
            yield np.take(answer_of, self.places[feature], mode="clip"), len(thresholds) + 2


def _places(column: np.ndarray, thresholds: np.ndarray, side: Literal["left", "right"]) -> np.ndarray:
    """Number of thresholds below each value; one more than there are where it is missing."""
    places = np.searchsorted(thresholds, column, side=side)
    places[np.isnan(column)] = len(thresholds) + 1
    return places
