"""A decision tree cut into twigs: a few leaves each, and the stem that leads to them from the root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_NO_CHILD = -1


@dataclass(frozen=True)
class Tree:
    """A fitted tree, by node; parents come before their children, and a leaf's children are -1.

    Attributes
    ----------
    left, right, feature
        Children, and the feature that is asked.
    rank
        Number of the threshold among the thresholds of its feature, in ascending order. A customer's place is the number of
        thresholds below the customer's value, so places up to the rank go left.
    weight, rate
        Weight of the training customers that came by, and their churn rate in 0..1.
    leaves
        Number of leaves below; 1 for a leaf.
    """

    left: list[int]
    right: list[int]
    feature: list[int]
    rank: list[int]
    weight: list[float]
    rate: list[float]
    leaves: list[int]


@dataclass(frozen=True)
class Span:
    """Places in (low, high] stay on the stem, as did ``share`` of the training customers, in 0..1."""

    low: float = -np.inf
    high: float = np.inf
    share: float = 1.0


@dataclass(frozen=True)
class Twig:
    """Some leaves of a tree, and all that decides what they add to a customer's contributions.

    Attributes
    ----------
    tree, root
        The leaves are those below ``root``.
    stem
        By feature, who gets there.
    asked
        By feature, of the stem and of the twig, the ranks of the questions inside the twig, ascending.
    """

    tree: Tree
    root: int
    stem: Mapping[int, Span]
    asked: Mapping[int, list[int]]

    def answers(self, feature: int, place_count: int) -> np.ndarray:
        """What a customer at each place answers: 0 off the stem, else one more than the questions to whose right it lies.

        Shape (place_count,).
        """
        places, span = np.arange(place_count), self.stem.get(feature, Span())
        inside = (places > span.low) & (places <= span.high)
        return np.where(inside, 1 + np.searchsorted(self.asked[feature], places), 0)

    def model(self) -> dict[str, np.ndarray]:
        """The tree without its other leaves, in the form in which shap takes a tree; it reads answers.

        One question for each feature of the stem, with a leaf of nothing for whoever is off it; then the twig.
        """
        column = {feature: number for number, feature in enumerate(self.asked)}
        nodes: list[tuple[int, int, int, float, float, float]] = []
        weight = 1.0
        for feature, span in self.stem.items():
            number = len(nodes)
            nodes.append((number + 1, number + 2, column[feature], 0.5, 0.0, weight))
            nodes.append((_NO_CHILD, _NO_CHILD, _NO_CHILD, 0.0, 0.0, weight * (1 - span.share)))
            weight *= span.share
        nodes += self._inside(column, len(nodes), weight / self.tree.weight[self.root])
        names = ("children_left", "children_right", "features", "thresholds", "values", "node_sample_weight")
        arrays = {
            name: np.array(values) for name, values in zip(names, zip(*nodes, strict=True), strict=True)
        }
        return {**arrays, "children_default": arrays["children_left"], "values": arrays["values"][:, None]}

    def _inside(
        self, column: Mapping[int, int], first: int, scale: float
    ) -> Iterator[tuple[int, int, int, float, float, float]]:
        tree = self.tree
        below = nodes_below(tree, self.root)
        number = {node: first + k for k, node in enumerate(below)}
        for node in below:
            weight = tree.weight[node] * scale
            if tree.left[node] == _NO_CHILD:
                yield _NO_CHILD, _NO_CHILD, _NO_CHILD, 0.0, tree.rate[node], weight
            else:
                feature = tree.feature[node]
                answer = 1.5 + self.asked[feature].index(tree.rank[node])
                yield number[tree.left[node]], number[tree.right[node]], column[feature], answer, 0.0, weight


def cut(tree: Tree, most_leaves: int) -> Iterator[Twig]:
    """Twigs of at most so many leaves that make up the whole tree."""
    waiting: list[tuple[int, Mapping[int, Span]]] = [(0, {})]
    while waiting:
        node, stem = waiting.pop()
        if tree.leaves[node] <= most_leaves:
            yield Twig(tree, node, stem, _asked(tree, node, stem))
            continue
        feature, rank = tree.feature[node], tree.rank[node]
        span = stem.get(feature, Span())
        for child, low, high in (
            (tree.left[node], span.low, min(span.high, rank)),
            (tree.right[node], max(span.low, rank), span.high),
        ):
            share = span.share * tree.weight[child] / tree.weight[node]
            waiting.append((child, {**stem, feature: Span(low, high, share)}))


def _asked(tree: Tree, root: int, stem: Mapping[int, Span]) -> dict[int, list[int]]:
    ranks: dict[int, set[int]] = {feature: set() for feature in stem}
    for node in nodes_below(tree, root):
        if tree.left[node] != _NO_CHILD:
            ranks.setdefault(tree.feature[node], set()).add(tree.rank[node])
    return {feature: sorted(found) for feature, found in ranks.items()}


def nodes_below(tree: Tree, root: int) -> list[int]:
    """The root and all below it, parents first."""
    found = [root]
    for node in found:
        if tree.left[node] != _NO_CHILD:
            found += [tree.left[node], tree.right[node]]
    return found


def trees_of(forest: Any, churner: int) -> tuple[list[Tree], dict[int, np.ndarray]]:
    """Trees of a fitted forest of scikit-learn, and by feature its thresholds in ascending order.

    Parameters
    ----------
    forest
        Fitted ``RandomForestClassifier``.
    churner
        Position of the class that means leaving.
    """
    fitted = [estimator.tree_ for estimator in forest.estimators_]
    feature = np.concatenate([tree.feature for tree in fitted])
    threshold = np.concatenate([tree.threshold for tree in fitted])
    known = {int(f): np.unique(threshold[feature == f]) for f in np.unique(feature[feature >= 0])}
    return [_tree(tree, known, churner) for tree in fitted], known


def _tree(tree: Any, known: Mapping[int, np.ndarray], churner: int) -> Tree:
    left, right = tree.children_left.tolist(), tree.children_right.tolist()
    rank = [
        int(np.searchsorted(known[f], t)) if f >= 0 else 0
        for f, t in zip(tree.feature.tolist(), tree.threshold.tolist(), strict=True)
    ]
    leaves = [1] * tree.node_count
    for node in reversed(range(tree.node_count)):
        if left[node] != _NO_CHILD:
            leaves[node] = leaves[left[node]] + leaves[right[node]]
    rate = tree.value[:, 0, churner] / tree.value[:, 0, :].sum(axis=1)
    weight = tree.weighted_n_node_samples.tolist()
    return Tree(left, right, tree.feature.tolist(), rank, weight, rate.tolist(), leaves)
