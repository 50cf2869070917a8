"""What the leaves of boosted trees add to a customer's contributions, in tables by the customer's answers.

A tree's Shapley values are the sum of those of its leaves, and a leaf's depend on nothing but which features on the way to
it point there. Of a leaf with m features on its way there are 2^m cases, worked out for many leaves at once. Trees are
cut into twigs of few questions, so that all answers to a twig's questions make a small table, and a customer's
contributions are looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from churnkit.explain.boosted_trees import NO_CHILD, BoostedTree

# A table of 256 sets of answers stays in the processor's nearest cache.
FEW_BITS = 8
MOST_BITS = 14


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


def tables_of(twigs: Sequence[Twig]) -> list[np.ndarray]:
    """For each twig its contributions, shape (features of the twig, 2^bits)."""
    tables: list[np.ndarray] = [np.empty(0)] * len(twigs)
    by_bits: dict[int, list[int]] = defaultdict(list)
    for number, twig in enumerate(twigs):
        by_bits[len(twig.bits)].append(number)
    for bits, numbers in by_bits.items():
        starts = np.cumsum([0, *(len(twigs[number].features) for number in numbers)])
        rows = np.zeros((starts[-1], 1 << bits))
        for where, added in _by_length([twigs[number] for number in numbers], starts, bits):
            order = np.argsort(where, kind="stable")
            at, first = np.unique(where[order], return_index=True)
            rows[at] += np.add.reduceat(added[order], first, axis=0)
        for place, number in enumerate(numbers):
            tables[number] = rows[starts[place] : starts[place + 1]]
    return tables


def _by_length(
    twigs: Sequence[Twig], starts: np.ndarray, bits: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of leaves with equally many features on their way: rows of the tables, and what is added there, (rows, 2^bits)."""
    leaves: dict[int, list[tuple[float, Sequence[Way], list[int]]]] = defaultdict(list)
    for twig, start in zip(twigs, starts, strict=False):
        column = {feature: int(start) + k for k, feature in enumerate(twig.features)}
        for value, ways in twig.leaves:
            leaves[len(ways)].append((value, ways, [column[way.feature] for way in ways]))
    codes = np.arange(1 << bits)
    for length, those in leaves.items():
        if not length:
            continue
        mask, wanted = (
            np.array([[getattr(way, name) for way in ways] for _value, ways, _columns in those])
            for name in ("mask", "wanted")
        )
        shares = np.array([[way.share for way in ways] for _value, ways, _columns in those])
        cases = leaf_cases(shares, np.array([value for value, _ways, _columns in those]))
        case = np.zeros((len(those), len(codes)), dtype=np.intp)
        for k in range(length):
            case |= ((codes & mask[:, k, None]) == wanted[:, k, None]).astype(np.intp) << k
        where = np.array([columns for _value, _ways, columns in those])
        for k in range(length):
            yield where[:, k], np.take_along_axis(cases[:, k], case, axis=1)


def leaf_cases(shares: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Shapley values of leaves in all cases, shape (leaves, m, 2^m); feature k points to the leaf where bit k is set.

    A leaf is worth its value times, for each feature that is known, whether it points there, and for each other one the
    share of training rows that went on (path-dependent TreeSHAP, Lundberg et al. 2018, algorithm 1). What feature k adds,
    averaged over all orders, is (points there - share) times the integral over t in 0..1 of the product over the others
    of t x points there + (1 - t) x share: of degree m - 1 in t, so that quadrature by m / 2 points is exact.

    Parameters
    ----------
    shares
        Of m features on the way to each leaf, in 0..1 and above 0; shape (leaves, m).
    values
        Shape (leaves,).

    Examples
    --------
    >>> leaf_cases(np.array([[0.25]]), np.array([2.0])).tolist()
    [[[-0.5, 1.5]]]
    """
    count = shares.shape[1]
    points, weights = np.polynomial.legendre.leggauss((count + 1) // 2)
    time, weights = (points + 1) / 2, weights / 2
    there = ((np.arange(1 << count) >> np.arange(count)[:, None]) & 1).astype(float)
    # Shape (leaves, m, 2^m, points).
    mixed = shares[:, :, None, None] * (1 - time) + there[None, :, :, None] * time
    others = mixed.prod(axis=1, keepdims=True) / mixed
    gains = there[None] - shares[:, :, None]
    result: np.ndarray = values[:, None, None] * gains * (others @ weights)
    return result
