"""Whose figures are shown: those of the customers who were active at the date, or of all."""

from __future__ import annotations

import streamlit as st

ACTIVE, ALL = "Active customers", "All customers"


def of_the_active(key: str) -> bool:
    """A choice between the active, who stand first, and all; whether the active were chosen."""
    chosen = st.segmented_control(
        "Whose figures",
        [ACTIVE, ALL],
        default=ACTIVE,
        required=True,
        key=key,
        bind="query-params",
        help="Active at a date is who had bought within the threshold before it. All holds the lapsed too, most of whom"
        " are easily told from the rest.",
    )
    return chosen == ACTIVE
