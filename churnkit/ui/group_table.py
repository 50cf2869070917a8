"""A table of groups of customers: counts, value and risk."""

from __future__ import annotations

import pandas as pd

from churnkit.ui.expert_view import is_expert
from churnkit.ui.tables import table

_COLUMNS = (
    "group",
    "group.stability",
    "group.about",
    "customers",
    "active",
    "share",
    "mean_p_churn",
    "expected_leavers",
    "clv",
    "clv_share",
    "value_at_risk",
    "value_at_risk_share",
    "mean_order_value",
    "median_recency_days",
    "median_order_count",
)


def group_table(
    groups: pd.DataFrame, *, key: str, name: str, currency: str | None, clickable: bool = False
) -> list[int]:
    """Show groups, called ``name``; the rows that were clicked."""
    return table(
        groups,
        [one for one in _COLUMNS if one != "group.stability" or is_expert()],
        key=key,
        alt=f"{name}: counts, value and risk",
        currency=currency,
        titles={"group": name},
        clickable=clickable,
    )
