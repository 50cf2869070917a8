"""The trees of a fitted LightGBM or XGBoost model, read once into one shape."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from churnkit.results.codec import JsonObject

NO_CHILD = -1
_WRITTEN_FOR_INFINITE = 1e300


@dataclass(frozen=True)
class BoostedTree:
    """One tree, by node; the root is the first, parents come before their children, and a leaf's children are -1.

    Attributes
    ----------
    left, right, feature, threshold
        Children, and the question: whose value lies below the threshold goes left.
    missing_left
        Whether a missing value goes left.
    cover
        Training customers, or their weight, that came by.
    value
        Log-odds of a leaf.
    """

    left: list[int]
    right: list[int]
    feature: list[int]
    threshold: list[float]
    missing_left: list[bool]
    cover: list[float]
    value: list[float]


def lightgbm_trees(booster: Any, count: int) -> list[BoostedTree]:
    """The first ``count`` trees; values on a threshold go left."""
    return [
        _of_lightgbm(tree["tree_structure"]) for tree in booster.dump_model(num_iteration=count)["tree_info"]
    ]


def _of_lightgbm(root: JsonObject) -> BoostedTree:
    tree = BoostedTree([], [], [], [], [], [], [])
    waiting: list[tuple[JsonObject, list[int] | None, int]] = [(root, None, 0)]
    while waiting:
        node, children, parent = waiting.pop()
        number = len(tree.left)
        if children is not None:
            children[parent] = number
        is_leaf = "split_feature" not in node
        threshold = 0.0 if is_leaf else _finite_or_not(float(node["threshold"]))
        tree.left.append(NO_CHILD)
        tree.right.append(NO_CHILD)
        tree.feature.append(-1 if is_leaf else node["split_feature"])
        tree.threshold.append(threshold)
        # Where no value was missing in training, the library takes a missing one for 0.
        tree.missing_left.append(
            not is_leaf and (node["default_left"] if node["missing_type"] == "NaN" else threshold >= 0)
        )
        # A tree that is one leaf counts nobody.
        tree.cover.append(float(node.get("leaf_count", 0) if is_leaf else node["internal_count"]))
        tree.value.append(float(node["leaf_value"]) if is_leaf else 0.0)
        if not is_leaf:
            waiting += [(node["left_child"], tree.left, number), (node["right_child"], tree.right, number)]
    return tree


def _finite_or_not(threshold: float) -> float:
    """The library writes 1e300 for a threshold that only missing values are beyond."""
    return float("inf") if threshold >= _WRITTEN_FOR_INFINITE else threshold


def xgboost_trees(booster: Any, count: int) -> list[BoostedTree]:
    """The first ``count`` trees; thresholds are single precision, and values on one go right."""
    stored = json.loads(booster.save_raw(raw_format="json"))["learner"]["gradient_booster"]["model"]["trees"]
    return [
        BoostedTree(
            tree["left_children"],
            tree["right_children"],
            tree["split_indices"],
            np.asarray(tree["split_conditions"], dtype=np.float32).tolist(),
            [bool(one) for one in tree["default_left"]],
            tree["sum_hessian"],
            # A leaf's value stands where others have their threshold.
            tree["split_conditions"],
        )
        for tree in stored[:count]
    ]
