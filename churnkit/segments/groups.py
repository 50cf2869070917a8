"""What groups of customers have, are worth and stand to lose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from churnkit.segments.standing import ACTIVE

SUMS = ("monetary_total", "clv", "value_at_risk")
COLUMNS = (
    "group",
    "customers",
    "active",
    "share",
    "monetary_total",
    "monetary_total_share",
    "clv",
    "clv_share",
    "value_at_risk",
    "value_at_risk_share",
    "expected_leavers",
    "mean_p_churn",
    "mean_clv",
    "mean_order_value",
    "median_recency_days",
    "median_order_count",
    "median_monetary_total",
)


def describe_groups(
    customers: pd.DataFrame, groups: np.ndarray | pd.Series, order: Sequence[object] | None = None
) -> pd.DataFrame:
    """One row per group, columns ``COLUMNS``: counts, value and risk.

    Parameters
    ----------
    customers
        ``status``, ``p_churn``, ``recency_days``, ``order_count``, ``mean_order_value`` and the columns of ``SUMS``.
    groups
        The group of each customer, shape (n,), in the order of the rows.
    order
        Groups in the order of the result; those without a customer are left out. By default, by value at risk.

    Returns
    -------
    pandas.DataFrame
        Sums in money; shares of the total of all customers, 0 to 1 (0 where that total is not above 0). Leavers and
        their mean probability are of the active alone, NaN where there are none.
    """
    names = np.asarray(groups, dtype=object)
    totals = {name: float(customers[name].sum()) for name in SUMS}
    rows = []
    for name in pd.unique(names):
        some = customers[names == name]
        there = some[some["status"] == ACTIVE]
        row: dict[str, object] = {
            "group": name,
            "customers": len(some),
            "active": len(there),
            "share": len(some) / len(customers),
            "expected_leavers": float(there["p_churn"].sum()),
            "mean_p_churn": float(there["p_churn"].mean()),
            "mean_clv": float(some["clv"].mean()),
            "mean_order_value": float(some["mean_order_value"].mean()),
            "median_recency_days": float(some["recency_days"].median()),
            "median_order_count": float(some["order_count"].median()),
            "median_monetary_total": float(some["monetary_total"].median()),
        }
        for figure, total in totals.items():
            value = float(some[figure].sum())
            row |= {figure: value, f"{figure}_share": value / total if total > 0 else 0.0}
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if order is None:
        return table.sort_values(["value_at_risk", "group"], ascending=[False, True], ignore_index=True)
    places = {name: place for place, name in enumerate(order)}
    return table.sort_values("group", key=lambda column: column.map(places), ignore_index=True)
