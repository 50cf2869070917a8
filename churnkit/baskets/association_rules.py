"""Rules between two items: who buys this also buys that, more often than chance would have it.

The pairs are those that FP-growth or Apriori with at most two items find; with the items counted as the columns of a
sparse matrix, one product of it with itself counts them all at once. (mlxtend's FP-growth gives the same pairs in ten
to thirty times the time, and brings matplotlib along.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from churnkit.baskets.orders import BasketOrders, IntArray

Unit = Literal["orders", "customers"]
UNITS: tuple[Unit, ...] = ("orders", "customers")
FloatArray = NDArray[np.float64]

MAX_BASKETS = 100_000
MIN_SUPPORT = {"orders": 0.005, "customers": 0.01}
MIN_TOGETHER = 10
MIN_LIFT = 1.1
MIN_DEVIATIONS = 4.0


@dataclass(frozen=True)
class PairRules:
    """Counts over baskets, and the rules that they support. m is the number of items.

    Attributes
    ----------
    unit
        What a basket is: an order, or everything that a customer has bought.
    baskets
        Number of baskets.
    count
        Baskets with each item, shape (m,).
    together
        Baskets with both items, shape (m, m), 0 on the diagonal.
    """

    unit: Unit
    baskets: int
    count: FloatArray
    together: FloatArray

    @property
    def base(self) -> FloatArray:
        """Share of all baskets that hold each item, shape (m,)."""
        return self.count / max(self.baskets, 1)

    @property
    def confidence(self) -> FloatArray:
        """Of the baskets with the item of the row, the share that holds the column's too; shape (m, m)."""
        return self.together / np.maximum(self.count, 1.0)[:, None]

    @property
    def lift(self) -> FloatArray:
        """How many times more often than in all baskets; shape (m, m)."""
        return self.confidence / np.maximum(self.base, 1e-12)[None, :]

    @property
    def holds(self) -> NDArray[np.bool_]:
        """Where there is a rule: frequent enough, a lift above 1.1, and four standard deviations above chance.

        The deviation is that of the hypergeometric distribution, of baskets with both items if they had nothing to do
        with each other. Four of them leave about 15 false rules among half a million pairs.
        """
        floor = max(MIN_TOGETHER, MIN_SUPPORT[self.unit] * self.baskets)
        expected = np.outer(self.count, self.base)
        spread = np.sqrt(expected * np.outer(1 - self.base, 1 - self.base))
        beyond = self.together - expected >= MIN_DEVIATIONS * spread
        return (self.together >= floor) & (self.lift > MIN_LIFT) & beyond


def mine(orders: BasketOrders, unit: Unit, *, seed: int, among: NDArray[np.bool_] | None = None) -> PairRules:
    """Count items and pairs over baskets; above 100,000 baskets over a seeded sample of them.

    Parameters
    ----------
    among
        Lines that may be looked at, booleans of shape (lines,); by default all.
    """
    bought = baskets_of(orders, unit, seed=seed, among=among)
    together = np.asarray((bought.T @ bought).todense(), dtype=np.float64)
    count = together.diagonal().copy()
    np.fill_diagonal(together, 0.0)
    return PairRules(unit, bought.shape[0], count, together)


def baskets_of(
    orders: BasketOrders, unit: Unit, *, seed: int, among: NDArray[np.bool_] | None = None
) -> sp.csr_matrix:
    """1 where a basket holds an item, shape (baskets, m); of more than 100,000 baskets a seeded sample.

    Parameters
    ----------
    among
        Lines that may be looked at, booleans of shape (lines,); by default all.
    """
    used = np.ones(len(orders.item), dtype=bool) if among is None else among
    basket = (orders.order if unit == "orders" else orders.customer)[used]
    item = orders.item[used]
    names, basket = np.unique(basket, return_inverse=True)
    if len(names) > MAX_BASKETS:
        drawn = np.zeros(len(names), dtype=bool)
        drawn[np.random.default_rng(seed).choice(len(names), MAX_BASKETS, replace=False)] = True
        item, basket = item[drawn[basket]], (np.cumsum(drawn) - 1)[basket[drawn[basket]]]
    return membership(basket, item, min(len(names), MAX_BASKETS), len(orders.items))


def membership(basket: IntArray, item: IntArray, baskets: int, items: int) -> sp.csr_matrix:
    """1 where the basket holds the item, shape (baskets, items)."""
    matrix = sp.csr_matrix((np.ones(len(item)), (basket, item)), shape=(baskets, items))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def rule_table(rules: PairRules, items: pd.DataFrame, at_most: int) -> pd.DataFrame:
    """The rules that move most money, best first.

    Returns
    -------
    pandas.DataFrame
        ``if_id``, ``if_name``, ``then_id``, ``then_name``, ``together`` (baskets), ``support``, ``confidence``, ``base``
        (shares, 0 to 1), ``lift``, ``value``: expected extra money for each basket with the first item, (confidence -
        base) x price of the second.
    """
    first, second = np.nonzero(rules.holds)
    confidence, base = rules.confidence[first, second], rules.base[second]
    names, ids = items["name"].to_numpy(dtype=object), items["item_id"].to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "if_id": ids[first],
            "if_name": names[first],
            "then_id": ids[second],
            "then_name": names[second],
            "together": rules.together[first, second].astype(int),
            "support": rules.together[first, second] / max(rules.baskets, 1),
            "confidence": confidence,
            "base": base,
            "lift": rules.lift[first, second],
            "value": (confidence - base) * items["price"].to_numpy()[second],
        }
    )
    best = table.assign(moved=table["value"] * rules.count[first])
    best = best.sort_values(["moved", "if_id", "then_id"], ascending=[False, True, True], ignore_index=True)
    return best.drop(columns="moved").head(at_most)
