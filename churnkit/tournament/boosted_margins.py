"""Log-odds that LightGBM gives many customers, bit by bit as the library does.

It walks every tree for every customer. Here the leaf is looked up in a table of the answers to a twig's questions, which
takes a third of the time; before so many have asked that the tables pay, it is asked itself. XGBoost is as quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from churnkit.tournament.boosted_trees import BoostedTree, lightgbm_trees
from churnkit.tournament.boosted_twigs import MOST_BITS, Twig, below_in_lightgbm, places, twigs_of

MANY_CUSTOMERS = 10_000
"""To read the trees and make the tables takes as long as the library takes for so many."""
# Fewer at once, as in answers about one customer, cost more to look up.
_FEW_CUSTOMERS = 500
_ROWS_AT_ONCE = 16_384

_Tree = tuple[BoostedTree, Sequence[Twig], Sequence[np.ndarray]]
"""A tree, its twigs, and what their leaves say by the answers, shape (2^bits,): 0 where another twig has the leaf."""


@dataclass
class _Known:
    """Of one booster: how many customers the library has answered for, and its trees once that was too many."""

    asked: int = 0
    trees: Sequence[_Tree] | None = None


# For as long as the booster is there: an estimator that is fitted again has another.
_known: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()


def lightgbm_margin(estimator: Any, matrix: np.ndarray) -> np.ndarray:
    """Raw scores of a fitted ``LGBMClassifier``, shape (n,)."""
    # Past the estimator, which takes ten times as long over one row as its trees do.
    booster = estimator.booster_
    known = _known.setdefault(booster, _Known())
    if len(matrix) > _FEW_CUSTOMERS and known.trees is None:
        known.asked += len(matrix)
        if known.asked >= MANY_CUSTOMERS:
            known.trees = _trees(booster)
    if len(matrix) > _FEW_CUSTOMERS and known.trees:
        return _looked_up(matrix, known.trees)
    raw: np.ndarray = booster.predict(matrix, raw_score=True, num_threads=1)
    return raw


def _trees(booster: Any) -> Sequence[_Tree]:
    """None of them where a leaf lies behind too many features for a table."""
    # Where nothing was held back to say when to stop, the best is no number of trees.
    count = booster.best_iteration if booster.best_iteration > 0 else booster.current_iteration()
    found = [(tree, twigs_of(tree)) for tree in lightgbm_trees(booster, count)]
    if any(len(twig.bits) > MOST_BITS for _tree, twigs in found for twig in twigs):
        return ()
    return [(tree, twigs, [_leaves(twig) for twig in twigs]) for tree, twigs in found]


def _leaves(twig: Twig) -> np.ndarray:
    answers = np.arange(1 << len(twig.bits))
    values = np.zeros(len(answers))
    for value, ways in twig.leaves:
        mask, wanted = (sum(getattr(way, name) for way in ways) for name in ("mask", "wanted"))
        values[answers & mask == wanted] = value
    return values


def _looked_up(matrix: np.ndarray, trees: Sequence[_Tree]) -> np.ndarray:
    total = np.zeros(len(matrix))
    for start in range(0, len(matrix), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        columns = np.ascontiguousarray(matrix[some].T)
        of_some, found = total[some], np.empty(columns.shape[1])
        # Tree by tree as the library adds: only one of a tree's twigs has the customer's leaf.
        for tree, twigs, tables in trees:
            for at, values in zip(places(columns, tree, twigs, below_in_lightgbm), tables, strict=True):
                values.take(at, out=found, mode="clip")
                of_some += found
    return total
