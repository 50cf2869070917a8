"""Ranks among the customers of a run, looked up: nobody has to be sorted for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.features.panel import RANKED, SPEND_TIERS

# 20,000 steps of customers: the rank of a value between two of them is off by 1/20,000 at most.
_STEPS = 20_000


@dataclass(frozen=True)
class RankTable:
    """Values of a column, and how many customers lie below each.

    Attributes
    ----------
    values
        Ascending and distinct, shape (k,); all that there are, or two at each of ``_STEPS`` equal steps of customers.
    below
        Customers with a smaller value, shape (k,).
    customers
        How many there were.
    """

    values: np.ndarray
    below: np.ndarray
    customers: int

    @classmethod
    def of(cls, figures: np.ndarray, steps: int = _STEPS) -> RankTable:
        """Of all customers of a cutoff, shape (n,)."""
        values, counts = np.unique(figures, return_counts=True)
        below = np.cumsum(counts) - counts
        if len(values) > 2 * steps:
            reached = np.searchsorted(below, np.linspace(0, below[-1], steps))
            # The value before each step too: it is the one that many customers may share.
            kept = np.unique(np.concatenate([reached, np.maximum(reached - 1, 0)]))
            values, below = values[kept], below[kept]
        return cls(values, below, len(figures))

    def ranks(self, figures: np.ndarray) -> np.ndarray:
        """Percentile rank, 0 (lowest) to 1, as ``percent_rank`` gives it to the customers of the table; shape (n,).

        Examples
        --------
        >>> RankTable.of(np.array([1.0, 1.0, 4.0])).ranks(np.array([0.0, 1.0, 2.0, 4.0, 9.0])).tolist()
        [0.0, 0.0, 1.0, 1.0, 1.0]
        """
        places = np.searchsorted(self.values, figures, side="left")
        below = np.append(self.below, self.customers)[places]
        ranks: np.ndarray = np.minimum(below / max(self.customers - 1, 1), 1.0)
        return ranks


def rank_tables(rows: pd.DataFrame) -> dict[str, RankTable]:
    """The tables of the panel's ranked columns, from the rows of all customers of a cutoff."""
    return {name: RankTable.of(rows[name].to_numpy(dtype=float)) for name in RANKED}


def with_ranks(rows: pd.DataFrame, tables: dict[str, RankTable]) -> pd.DataFrame:
    """``rows`` with the panel's rank columns and ``spend_tier``."""
    ranks = {f"{name}_rank": tables[name].ranks(rows[name].to_numpy(dtype=float)) for name in RANKED}
    fifth = np.floor(ranks["monetary_total_rank"] * SPEND_TIERS).astype(int) + 1
    return rows.assign(**ranks, spend_tier=np.minimum(fifth, SPEND_TIERS))
