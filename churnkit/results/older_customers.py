"""Customers of a run from before there was a status, with what the present columns can be worked out from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def with_present_columns(customers: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """The table with ``status``, ``rank``, tiers of the active alone, ``clv_if_lost`` and value at risk as they are now.

    A customer's ``clv`` is the mean of the values if kept and if lost, which gives the latter. What the run never
    worked out (the interval of the value, last year's spend, the next order's date) is missing. The rank is by value
    at risk until the money of the analysis is worked out again.
    """
    if "status" in customers:
        return customers
    import pandas as pd

    active = (customers["recency_days"] <= horizon_days).to_numpy()
    p = customers["p_churn"].to_numpy(dtype=float)
    clv = customers["clv"].to_numpy(dtype=float)
    kept = np.maximum(
        customers["clv_if_kept"].to_numpy(dtype=float) if "clv_if_kept" in customers else clv, clv
    )
    lost = np.divide(clv - (1 - p) * kept, p, out=np.zeros_like(clv), where=p > 0)
    lost = np.clip(lost, 0.0, kept)
    at_risk = np.where(active, p * (kept - lost), 0.0).round(2)
    made = customers.assign(
        status=np.where(active, "active", "lapsed"),
        risk_tier=customers["risk_tier"].where(active),
        clv_if_kept=kept.round(2),
        clv_if_lost=lost.round(2),
        clv_low=np.nan,
        clv_high=np.nan,
        value_at_risk=at_risk,
        spend_last_year=np.nan,
        expected_next_order=pd.Series(pd.NaT, index=customers.index, dtype="datetime64[us]"),
    )
    if "risk_tier_before" not in made:
        made["risk_tier_before"] = None
    order = np.lexsort((made["customer_id"].to_numpy(dtype=str), -at_risk, ~active))
    return made.iloc[order].assign(rank=np.arange(1, len(made) + 1)).reset_index(drop=True)
