"""Trees cut into twigs of few questions, so that all answers to a twig's questions make a small table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from churnkit.tournament.boosted_trees import NO_CHILD, BoostedTree

# A table of 256 sets of answers stays in the processor's nearest cache.
FEW_BITS = 8
MOST_BITS = 14

Below = Callable[[np.ndarray, float, bool], np.ndarray]
"""A column, a threshold and whether missing values go left -> who goes left."""


@dataclass(frozen=True)
class Way:
    """What one feature asks on the way to a leaf: the bits that must be set and unset, and the share of training rows that
    went on at its questions, in 0..1."""

    feature: int
    mask: int
    wanted: int
    share: float


@dataclass(frozen=True)
class Twig:
    """Some leaves of a tree.

    Attributes
    ----------
    bits
        What a customer answers, as conditions of (node, whether to its left) that all must hold; a bit each.
    features
        Those asked on the way to any of the leaves.
    leaves
        Of each the value and its way, one entry a feature.
    """

    bits: Sequence[Sequence[tuple[int, bool]]]
    features: Sequence[int]
    leaves: Sequence[tuple[float, Sequence[Way]]]


def twigs_of(tree: BoostedTree) -> list[Twig]:
    """Twigs of at most ``FEW_BITS`` bits, or of one leaf, that make up the whole tree."""
    below = [0] * len(tree.left)
    for node in reversed(range(len(below))):
        if tree.left[node] != NO_CHILD:
            below[node] = 1 + below[tree.left[node]] + below[tree.right[node]]
    found = []
    waiting: list[tuple[int, dict[int, list[tuple[int, bool]]]]] = [(0, {})]
    while waiting:
        node, stem = waiting.pop()
        if below[node] + len(stem) <= FEW_BITS or tree.left[node] == NO_CHILD:
            found.append(_twig(tree, node, stem))
            continue
        feature = tree.feature[node]
        for child, goes_left in ((tree.left[node], True), (tree.right[node], False)):
            waiting.append((child, {**stem, feature: [*stem.get(feature, ()), (node, goes_left)]}))
    return [twig for twig in found if twig.features]


def _twig(tree: BoostedTree, root: int, stem: dict[int, list[tuple[int, bool]]]) -> Twig:
    bits: list[Sequence[tuple[int, bool]]] = list(stem.values())
    first = {
        feature: Way(feature, 1 << number, 1 << number, _share(tree, conditions))
        for number, (feature, conditions) in enumerate(stem.items())
    }
    leaves = []
    waiting = [(root, first)]
    while waiting:
        node, ways = waiting.pop()
        if tree.left[node] == NO_CHILD:
            leaves.append((tree.value[node], list(ways.values())))
            continue
        feature, bit = tree.feature[node], 1 << len(bits)
        bits.append([(node, True)])
        before = ways.get(feature, Way(feature, 0, 0, 1.0))
        for child, goes_left in ((tree.left[node], True), (tree.right[node], False)):
            share = before.share * tree.cover[child] / tree.cover[node]
            way = Way(feature, before.mask | bit, before.wanted | (bit if goes_left else 0), share)
            waiting.append((child, {**ways, feature: way}))
    features = sorted({way.feature for _value, ways in leaves for way in ways})
    return Twig(bits, features, leaves)


def _share(tree: BoostedTree, conditions: Sequence[tuple[int, bool]]) -> float:
    share = 1.0
    for node, goes_left in conditions:
        share *= tree.cover[tree.left[node] if goes_left else tree.right[node]] / tree.cover[node]
    return share


def below_in_lightgbm(column: np.ndarray, threshold: float, missing_left: bool) -> np.ndarray:
    """Values on a threshold go left."""
    # A comparison with a missing value is false.
    left: np.ndarray = ~(column > threshold) if missing_left else column <= threshold
    return left


def below_in_xgboost(column: np.ndarray, threshold: float, missing_left: bool) -> np.ndarray:
    """Values on a threshold go right; ``column`` is single precision."""
    at = np.float32(threshold)
    left: np.ndarray = ~(column >= at) if missing_left else column < at
    return left


def places(
    columns: np.ndarray, tree: BoostedTree, twigs: Sequence[Twig], below: Below
) -> Iterator[np.ndarray]:
    """Of each twig where in its tables the customers stand, shape (n,), each in 0..2^bits - 1.

    Parameters
    ----------
    columns
        Shape (features, n).
    """
    left: dict[int, np.ndarray] = {}
    count = columns.shape[1]
    for twig in twigs:
        kind = np.uint8 if len(twig.bits) <= 8 else np.uint16
        code, this_bit = np.zeros(count, dtype=kind), np.empty(count, dtype=kind)
        for bit, conditions in enumerate(twig.bits):
            holds = None
            for node, goes_left in conditions:
                if node not in left:
                    left[node] = below(
                        columns[tree.feature[node]], tree.threshold[node], tree.missing_left[node]
                    )
                this = left[node] if goes_left else ~left[node]
                holds = this if holds is None else holds & this
            assert holds is not None
            # To multiply takes a quarter of the time of a shift; true is 1.
            np.multiply(holds.view(np.uint8), kind(1 << bit), out=this_bit)
            np.bitwise_or(code, this_bit, out=code)
        yield code.astype(np.intp)
