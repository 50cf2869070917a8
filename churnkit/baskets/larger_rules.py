"""Rules of more than two products: who buys these two (or three) together also buys that one.

Sets of products are counted level by level (Agrawal and Srikant 1994): a set of three can only be frequent where its
pairs are, so only those are looked at. A longer rule must say something that no shorter one says: its confidence must
lie above that of every rule with one product fewer by as many standard deviations as a pair must lie above chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from churnkit.baskets.association_rules import (
    MIN_DEVIATIONS,
    MIN_LIFT,
    MIN_SUPPORT,
    MIN_TOGETHER,
    FloatArray,
    Unit,
    baskets_of,
)
from churnkit.baskets.orders import BasketOrders

MAX_FIRST = 3
# The most frequent sets of a level that are carried on; more would be rules that nobody reads.
MAX_SETS = 4000
COLUMNS = (
    "if_names",
    "then_name",
    "products",
    "together",
    "confidence",
    "shorter",
    "base",
    "lift",
    "value",
)


@dataclass(frozen=True)
class _Level:
    """Sets of one size.

    Attributes
    ----------
    sets
        Positions of the items, ascending, shape (sets, size).
    holds
        1 where the basket holds all of a set, shape (baskets, sets).
    count
        Baskets with each set, shape (sets,).
    together
        Baskets with the set and one item more, 0 where the item is in the set, shape (sets, items).
    """

    sets: NDArray[np.int64]
    holds: sp.csc_matrix
    count: FloatArray
    together: FloatArray

    @property
    def confidence(self) -> FloatArray:
        """Of the baskets with a set, the share that holds the item too; shape (sets, items)."""
        return self.together / np.maximum(self.count, 1.0)[:, None]


def larger_rules(orders: BasketOrders, unit: Unit, *, seed: int, at_most: int) -> pd.DataFrame:
    """Rules from two or three products to one more, those that move most money first; empty where support allows none.

    Returns
    -------
    pandas.DataFrame
        ``if_names`` (the first products), ``then_name``, ``products`` (of the whole rule), ``together`` (baskets),
        ``confidence``, ``shorter`` (the highest confidence of a rule with one product fewer), ``base`` (shares, 0 to
        1), ``lift``, ``value`` (expected extra money for each basket with the first products).
    """
    bought = baskets_of(orders, unit, seed=seed)
    floor = max(MIN_TOGETHER, MIN_SUPPORT[unit] * bought.shape[0])
    items = bought.tocsc()
    level = _level(np.arange(items.shape[1])[:, None], items, items)
    base = level.count / max(bought.shape[0], 1)
    found = []
    for _ in range(2, MAX_FIRST + 1):
        longer = _next_level(level, items, floor)
        if longer is None:
            break
        found += list(_rules(level, longer, base, floor, orders.items))
        level = longer
    table = pd.DataFrame(found, columns=[*COLUMNS, "moved"])
    best = table.sort_values(["moved", "if_names", "then_name"], ascending=[False, True, True])
    return best.drop(columns="moved").head(at_most).reset_index(drop=True)


def _level(sets: NDArray[np.int64], holds: sp.csc_matrix, items: sp.csc_matrix) -> _Level:
    together = np.asarray((holds.T @ items).todense(), dtype=np.float64)
    count = np.asarray(holds.sum(axis=0), dtype=np.float64).ravel()
    together[np.arange(len(sets))[:, None], sets] = 0.0
    return _Level(sets, holds, count, together)


def _next_level(level: _Level, items: sp.csc_matrix, floor: float) -> _Level | None:
    """Sets with one item more, each once, the most frequent ones."""
    place, item = np.nonzero(level.together >= floor)
    later = item > level.sets[place, -1]
    place, item = place[later], item[later]
    if not len(place):
        return None
    often = np.argsort(-level.together[place, item], kind="stable")[:MAX_SETS]
    place, item = place[often], item[often]
    holds = level.holds[:, place].multiply(items[:, item]).tocsc()
    return _level(np.column_stack([level.sets[place], item]), holds, items)


def _rules(
    shorter: _Level, longer: _Level, base: FloatArray, floor: float, items: pd.DataFrame
) -> Iterator[tuple[object, ...]]:
    """Rules from the sets of ``longer`` that none from those of ``shorter`` says as well."""
    best, known = _best_shorter(shorter, longer)
    confidence, count = longer.confidence, longer.count[:, None]
    spread = np.sqrt(count * best * (1 - best))
    beyond = longer.together - count * best >= MIN_DEVIATIONS * spread
    lift = confidence / np.maximum(base, 1e-12)
    holds = known[:, None] & (longer.together >= floor) & (lift > MIN_LIFT) & beyond & (confidence > best)
    names, price = items["name"].to_numpy(dtype=object), items["price"].to_numpy(dtype=float)
    for place, item in np.argwhere(holds):
        value = float((confidence[place, item] - base[item]) * price[item])
        yield (
            " + ".join(str(names[one]) for one in longer.sets[place]),
            str(names[item]),
            longer.sets.shape[1] + 1,
            int(longer.together[place, item]),
            float(confidence[place, item]),
            float(best[place, item]),
            float(base[item]),
            float(lift[place, item]),
            value,
            value * float(longer.count[place]),
        )


def _best_shorter(shorter: _Level, longer: _Level) -> tuple[FloatArray, NDArray[np.bool_]]:
    """The highest confidence with one item of a set left out, shape (sets, items), and whether all of these are known."""
    rows = {tuple(one): place for place, one in enumerate(shorter.sets.tolist())}
    size = longer.sets.shape[1]
    parts = np.array(
        [
            [rows.get(tuple(np.delete(one, left_out).tolist()), -1) for left_out in range(size)]
            for one in longer.sets
        ]
    )
    best: FloatArray = shorter.confidence[parts].max(axis=1)
    return best, np.asarray((parts >= 0).all(axis=1), dtype=bool)
