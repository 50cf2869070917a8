"""Exact contributions of boosted trees: path-dependent TreeSHAP from tables, or by the libraries for few customers.

The libraries walk every tree for every customer. Here each tree's answers are worked out once (``leaf_tables``) and
looked up, which takes a tenth of the time and gives the same numbers in double precision; to make the tables takes as
long as some hundred customers, who are asked about in the library's one call instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from churnkit.explain.leaf_tables import tables_of
from churnkit.tournament.boosted_trees import BoostedTree, lightgbm_trees, xgboost_trees
from churnkit.tournament.boosted_twigs import (
    MOST_BITS,
    Below,
    Twig,
    below_in_lightgbm,
    below_in_xgboost,
    places,
    twigs_of,
)

FEW_CUSTOMERS = 300
# Of so many trees tables are made at once, and so many customers stay in the processor's cache.
_TREES_AT_ONCE, _ROWS_AT_ONCE = 50, 16_384

_Tree = tuple[BoostedTree, list[tuple[Twig, np.ndarray]]]
"""A tree with its twigs and their tables."""
# Some ten megabytes by booster (an estimator that is fitted again has another), for as long as it is there: customers come
# in parts.
_known: WeakKeyDictionary[Any, dict[int, list[_Tree] | None]] = WeakKeyDictionary()


def lightgbm_contributions(estimator: Any, matrix: np.ndarray, tree_count: int | None) -> np.ndarray:
    """Path-dependent TreeSHAP (Lundberg et al. 2018, algorithm 2) in log-odds over the first ``tree_count`` trees.

    Returns
    -------
    numpy.ndarray
        Contributions, shape (n, features). They add up to the margin less one constant.
    """
    booster = estimator.booster_
    count = tree_count or booster.current_iteration()

    def by_library() -> np.ndarray:
        whole: np.ndarray = booster.predict(matrix, pred_contrib=True, num_iteration=count, num_threads=1)
        return whole[:, :-1]

    if len(matrix) <= FEW_CUSTOMERS:
        return by_library()
    trees = _with_tables(booster, count, lambda: lightgbm_trees(booster, count))
    return by_library() if trees is None else _summed(matrix, trees, below_in_lightgbm)


def xgboost_contributions(estimator: Any, matrix: np.ndarray, tree_count: int | None) -> np.ndarray:
    """As :func:`lightgbm_contributions`."""
    import xgboost

    booster = estimator.get_booster()
    count = tree_count or booster.num_boosted_rounds()
    single = matrix.astype(np.float32)

    def by_library() -> np.ndarray:
        data = xgboost.DMatrix(single, nthread=1)
        whole: np.ndarray = booster.predict(data, pred_contribs=True, iteration_range=(0, count))
        return whole[:, :-1].astype(float)

    if len(matrix) <= FEW_CUSTOMERS:
        return by_library()
    trees = _with_tables(booster, count, lambda: xgboost_trees(booster, count))
    return by_library() if trees is None else _summed(single, trees, below_in_xgboost)


def _with_tables(booster: Any, count: int, read: Callable[[], list[BoostedTree]]) -> list[_Tree] | None:
    """The trees with their tables; None where a leaf lies behind too many features for a table."""
    known = _known.setdefault(booster, {})
    if count not in known:
        trees = read()
        twigs = [twigs_of(tree) for tree in trees]
        fits = all(len(twig.bits) <= MOST_BITS for some in twigs for twig in some)
        known[count] = [*_tables(trees, twigs)] if fits else None
    return known[count]


def _tables(trees: Sequence[BoostedTree], twigs: Sequence[Sequence[Twig]]) -> Iterator[_Tree]:
    for first in range(0, len(trees), _TREES_AT_ONCE):
        some = slice(first, first + _TREES_AT_ONCE)
        tables = iter(tables_of([twig for those in twigs[some] for twig in those]))
        for tree, those in zip(trees[some], twigs[some], strict=True):
            yield tree, [(twig, next(tables)) for twig in those]


def _summed(matrix: np.ndarray, trees: Sequence[_Tree], below: Below) -> np.ndarray:
    """Contributions over all trees, shape (n, features)."""
    # One row per feature, as every twig adds to a few features of all customers.
    columns = np.ascontiguousarray(matrix.T)
    total = np.zeros(columns.shape)
    for start in range(0, len(matrix), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        for tree, twigs in trees:
            _add(total[:, some], columns[:, some], tree, twigs, below)
    return total.T


def _add(
    total: np.ndarray,
    columns: np.ndarray,
    tree: BoostedTree,
    twigs: Sequence[tuple[Twig, np.ndarray]],
    below: Below,
) -> None:
    """Add what one tree contributes to ``total``; both (features, n)."""
    looked_up = np.empty(columns.shape[1])
    for (twig, table), at in zip(
        twigs, places(columns, tree, [twig for twig, _ in twigs], below), strict=True
    ):
        for feature, values in zip(twig.features, table, strict=True):
            values.take(at, out=looked_up, mode="clip")
            total[feature] += looked_up
