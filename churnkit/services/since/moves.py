"""Who stands where in two versions of a shop, and who moved in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from churnkit.results.folders import Results
from churnkit.segments.standing import is_active

Standing = Literal["unknown", "active", "leaving", "lapsed"]
Move = Literal[
    "slipping", "out_of_danger", "lapsed", "won_back", "new", "still_leaving", "still_active", "still_lapsed"
]

TITLES: Mapping[Move, str] = {
    "slipping": "New at high risk",
    "still_leaving": "Still at high risk",
    "out_of_danger": "Out of danger",
    "lapsed": "Lapsed",
    "won_back": "Won back",
    "new": "New customers",
    "still_active": "Still active",
    "still_lapsed": "Still lapsed",
}
MEANINGS: Mapping[Move, str] = {
    "slipping": "They were active and not at high risk, and are now.",
    "still_leaving": "They were at high risk then and are now.",
    "out_of_danger": "They were at high risk and are not any more: most of them have bought.",
    "lapsed": "They were active and have now been silent for longer than the churn threshold.",
    "won_back": "They had lapsed and have bought since. Some of the lapsed always come back by themselves.",
    "new": "Their first order came since.",
    "still_active": "They were active and not at high risk then, and are so now.",
    "still_lapsed": "They had lapsed then and are so now; one who bought long enough ago in between has lapsed again.",
}
WITHOUT_TIERS: frozenset[Move] = frozenset(("slipping", "still_leaving", "out_of_danger"))
"""Moves that nobody makes where one of the versions has no tiers that mean the same."""

_MOVES: Mapping[tuple[Standing, Standing], Move] = {
    ("active", "active"): "still_active",
    ("active", "leaving"): "slipping",
    ("leaving", "active"): "out_of_danger",
    ("leaving", "leaving"): "still_leaving",
    ("active", "lapsed"): "lapsed",
    ("leaving", "lapsed"): "lapsed",
    ("lapsed", "active"): "won_back",
    ("lapsed", "leaving"): "won_back",
    ("lapsed", "lapsed"): "still_lapsed",
    ("unknown", "active"): "new",
    ("unknown", "leaving"): "new",
    ("unknown", "lapsed"): "new",
}


def have_tiers(before: Results, now: Results) -> bool:
    """Whether both versions put customers into tiers, for the same threshold: else the tiers cannot be compared."""
    proven = all(one.customers["risk_tier"].notna().any() for one in (before, now))
    return proven and before.horizon_days == now.horizon_days


def standings(results: Results, horizon_days: int, *, tiers: bool) -> np.ndarray:
    """Where each customer of a version stands by a threshold, objects of shape (n,); without ``tiers`` nobody is leaving."""
    customers = results.customers
    active = is_active(customers["recency_days"].to_numpy(), horizon_days)
    leaving = active & (customers["risk_tier"] == "high").to_numpy() & tiers
    return np.select([leaving, active], ["leaving", "active"], "lapsed").astype(object)


def moved(before: Results, now: Results, spent: pd.DataFrame) -> pd.DataFrame:
    """One row per customer of the version ``now``, by rank.

    Columns: ``customer_id``, ``move``, ``standing_before``, ``standing``, ``p_churn_then`` (NaN without comparable
    tiers), ``clv_then`` (money), ``p_churn``, ``clv``, ``clv_if_kept``, ``value_at_risk`` (money, NaN where nothing is
    proven), ``last_purchase_at``, ``factor_1``, ``spent_since`` (money, net of returns) and ``orders_since``.

    Parameters
    ----------
    spent
        ``customer_id``, ``orders_since``, ``spent_since``: who bought or returned anything since.
    """
    tiers, horizon = have_tiers(before, now), now.horizon_days
    then = pd.DataFrame(
        {
            "customer_id": before.customers["customer_id"],
            "standing_before": standings(before, horizon, tiers=tiers),
            "p_churn_then": before.customers["p_churn"] if before.horizon_days == horizon else np.nan,
            "clv_then": before.customers["clv"],
        }
    )
    columns = [
        "customer_id",
        "p_churn",
        "clv",
        "clv_if_kept",
        "value_at_risk",
        "last_purchase_at",
        "factor_1",
    ]
    rows = now.customers[columns].assign(standing=standings(now, horizon, tiers=tiers))
    rows = rows.merge(then, on="customer_id", how="left", validate="one_to_one")
    rows = rows.merge(spent, on="customer_id", how="left", validate="one_to_one")
    rows = rows.fillna({"standing_before": "unknown", "spent_since": 0.0, "orders_since": 0})
    pairs = zip(rows["standing_before"], rows["standing"], strict=True)
    return rows.assign(move=[_MOVES[pair] for pair in pairs])
