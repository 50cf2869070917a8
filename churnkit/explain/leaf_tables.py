"""What the leaves of boosted trees add to a customer's contributions, in tables by the customer's answers.

A tree's Shapley values are the sum of those of its leaves, and a leaf's depend on nothing but which features on the way to
it point there. Of a leaf with m features on its way there are 2^m cases, worked out for many leaves at once. They are
put into the tables of the tree's twigs (``tournament.boosted_twigs``), and a customer's contributions are looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from churnkit.tournament.boosted_twigs import Twig, Way


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
