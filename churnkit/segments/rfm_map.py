"""Customers by recency and frequency score: how many, what they have spent, and what they are worth."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from churnkit.segments.rfm import SCORES

COLUMNS = (
    "r_score",
    "f_score",
    "customers",
    "share",
    "mean_monetary_total",
    "monetary_total",
    "recency_from",
    "recency_to",
    "orders_from",
    "orders_to",
    "value_at_risk",
)


def rfm_map(customers: pd.DataFrame, r_score: np.ndarray, f_score: np.ndarray) -> pd.DataFrame:
    """25 rows of ``COLUMNS``, the best recency first; means and bounds of a field without customers are NaN.

    Parameters
    ----------
    customers
        ``recency_days``, ``order_count``, ``monetary_total`` and ``value_at_risk``.
    r_score, f_score
        1 to 5, shape (n,); 5 is best.
    """
    rows = []
    for recency, frequency in product(range(SCORES, 0, -1), range(1, SCORES + 1)):
        some = customers[(r_score == recency) & (f_score == frequency)]
        rows.append(
            {
                "r_score": recency,
                "f_score": frequency,
                "customers": len(some),
                "share": len(some) / max(1, len(customers)),
                "mean_monetary_total": some["monetary_total"].mean(),
                "monetary_total": some["monetary_total"].sum(),
                "recency_from": some["recency_days"].min(),
                "recency_to": some["recency_days"].max(),
                "orders_from": some["order_count"].min(),
                "orders_to": some["order_count"].max(),
                "value_at_risk": some["value_at_risk"].sum(),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
