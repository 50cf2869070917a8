"""The one order in which customers are contacted: lists, files, campaigns and what-if all begin with its first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.config import Money
from churnkit.roi import Planner, Uncertainty
from churnkit.segments.standing import ACTIVE
from churnkit.services.decide.recommendation import default_assumptions


def rank_customers(
    customers: pd.DataFrame, money: Money, currency: str | None, uncertainty: Uncertainty
) -> np.ndarray:
    """Rank of each customer, 1 to n, shape (n,): the active first, by what the usual contact is expected to gain.

    The lapsed follow in the same order among themselves: winning one back is another job, on another list. Where
    nothing is proven (no tiers), a gain would be a guess, and the rank is by money spent.

    Parameters
    ----------
    customers
        ``customer_id``, ``status``, ``risk_tier``, ``p_churn``, ``clv_if_kept``, ``clv_if_lost``,
        ``mean_order_value``, ``order_count``, ``monetary_total``.
    """
    if customers["risk_tier"].notna().any():
        gain = Planner.of(customers, uncertainty, money.margin, money.success_by_tier).gains(
            default_assumptions(customers, money, currency)
        )
    else:
        gain = customers["monetary_total"].to_numpy(dtype=float)
    lapsed = (customers["status"] != ACTIVE).to_numpy()
    order = np.lexsort((customers["customer_id"].to_numpy(dtype=str), -gain, lapsed))
    rank = np.empty(len(customers), dtype=int)
    rank[order] = np.arange(1, len(customers) + 1)
    return rank
