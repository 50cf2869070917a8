"""Decision trees and forests as arrays of numbers, checked before scikit-learn walks along them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from sklearn.tree._tree import NODE_DTYPE, Tree

from churnkit.tournament.portable.plain import Kind, Writer

_NODE_FIELDS = tuple(NODE_DTYPE.names)
_SHAPE = ("n_features_in_", "n_outputs_", "classes_", "n_classes_", "max_features_")


def _stacked(trees: list[Any]) -> Mapping[str, object]:
    """Nodes of all trees behind each other, one array a field, with values of shape (nodes, classes)."""
    states = [tree.tree_.__getstate__() for tree in trees]
    return {
        "node_counts": np.array([state["node_count"] for state in states]),
        "depths": np.array([state["max_depth"] for state in states]),
        "values": np.concatenate([state["values"][:, 0, :] for state in states]),
        **{name: np.concatenate([state["nodes"][name] for state in states]) for name in _NODE_FIELDS},
    }


def _unstacked(stack: Mapping[str, np.ndarray], feature_count: int, class_count: int) -> list[Tree]:
    ends = np.cumsum(stack["node_counts"])
    made = []
    for end, size, depth in zip(ends, stack["node_counts"], stack["depths"], strict=True):
        rows = slice(int(end - size), int(end))
        nodes = np.zeros(int(size), dtype=NODE_DTYPE)
        for name in _NODE_FIELDS:
            nodes[name] = stack[name][rows]
        _check(nodes, feature_count)
        tree = Tree(feature_count, np.array([class_count], dtype=np.intp), 1)
        values = np.ascontiguousarray(stack["values"][rows][:, None, :], dtype=float)
        if values.shape != (len(nodes), 1, class_count):
            raise ValueError("a tree's values do not fit its nodes")
        tree.__setstate__(
            {"max_depth": int(depth), "node_count": len(nodes), "nodes": nodes, "values": values}
        )
        made.append(tree)
    return made


def _check(nodes: np.ndarray, feature_count: int) -> None:
    """Every walk from the root ends at a leaf, and looks at features that there are."""
    places = np.arange(len(nodes))
    inner = nodes["left_child"] != -1
    for name in ("left_child", "right_child"):
        child = nodes[name][inner]
        if (child <= places[inner]).any() or (child >= len(nodes)).any():
            raise ValueError("a tree's branches lead nowhere")
    feature = nodes["feature"][inner]
    if not len(nodes) or (feature < 0).any() or (feature >= feature_count).any():
        raise ValueError("a tree asks for features that are not there")


def _write_tree(tree: Any, _: Writer) -> Mapping[str, object]:
    return {
        "params": tree.get_params(deep=False),
        **{name: getattr(tree, name) for name in _SHAPE},
        "trees": _stacked([tree]),
    }


def _read_tree(attributes: Mapping[str, Any]) -> object:
    made = DecisionTreeClassifier(**attributes["params"])
    for name in _SHAPE:
        setattr(made, name, attributes[name])
    (made.tree_,) = _unstacked(attributes["trees"], int(made.n_features_in_), int(made.n_classes_))
    return made


def _write_forest(forest: Any, _: Writer) -> Mapping[str, object]:
    return {
        "params": forest.get_params(deep=False),
        **{name: getattr(forest, name) for name in _SHAPE if name != "max_features_"},
        "tree": {
            "params": forest.estimators_[0].get_params(deep=False),
            "max_features_": forest.estimators_[0].max_features_,
        },
        "trees": _stacked(forest.estimators_),
    }


def _read_forest(attributes: Mapping[str, Any]) -> object:
    made = RandomForestClassifier(**attributes["params"])
    shape = {name: attributes[name] for name in _SHAPE if name != "max_features_"}
    for name, value in shape.items():
        setattr(made, name, value)
    one = attributes["tree"]
    made.estimators_ = []
    for inside in _unstacked(attributes["trees"], int(made.n_features_in_), int(made.n_classes_)):
        tree = DecisionTreeClassifier(**one["params"])
        for name, value in {**shape, "max_features_": one["max_features_"], "tree_": inside}.items():
            setattr(tree, name, value)
        made.estimators_.append(tree)
    return made


TREES = (
    Kind(DecisionTreeClassifier, _write_tree, _read_tree),
    Kind(RandomForestClassifier, _write_forest, _read_forest),
)
"""Kinds of single trees and forests with one outcome."""
