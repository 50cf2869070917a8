"""A table of groups of customers: counts, value and risk."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from churnkit.text.terms import term

_number = st.column_config.NumberColumn


def group_table(
    table: pd.DataFrame, *, key: str, name: str, more: dict[str, Any] | None = None, **options: Any
) -> list[int]:
    """A table of groups; the rows that were clicked."""
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        **options,
        alt=f"{name}: counts, value and risk",
        column_order=[
            "group",
            "stability",
            "about",
            "customers",
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
        ],
        column_config={
            "group": st.column_config.TextColumn(name, pinned=True),
            "about": st.column_config.TextColumn("Who they are", width="medium"),
            "customers": _number("Customers", format="localized"),
            "share": _number("Share", format="percent"),
            "mean_p_churn": _number("Churn probability", format="percent", help=term("p_churn")),
            "expected_leavers": _number("Expected to leave", format="%.0f"),
            "clv": _number("Value of a year", format="accounting", help=term("clv")),
            "clv_share": _number("Share of value", format="percent"),
            "value_at_risk": _number("Value at risk", format="accounting", help=term("value_at_risk")),
            "value_at_risk_share": _number("Share of risk", format="percent"),
            "mean_order_value": _number("Mean order", format="accounting"),
            "median_recency_days": _number(
                "Days since purchase", format="%.0f", help="Of half of them, or fewer."
            ),
            "median_order_count": _number("Orders", format="%.0f", help="Of half of them, or more."),
            **(more or {}),
        },
    )
    return event.selection.rows if options else []
