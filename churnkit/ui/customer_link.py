"""The way from a figure to its customers: the list of customers, filtered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from churnkit.services.decide.customer_list import CustomerFilter

PAGE = "pages/customers.py"
# Fields of the filter and the widgets of the customers page that hold them.
_WIDGETS = {
    "search": "customer_search",
    "tiers": "customer_tiers",
    "segments": "customer_segments",
    "clv_low": "customer_clv_low",
    "clv_high": "customer_clv_high",
    "bought_from": "customer_from",
    "bought_until": "customer_until",
    "moved_up": "customer_moved",
}


def show_customers(wanted: CustomerFilter) -> None:
    """Open the list of customers with this filter set and no other."""
    values: Mapping[str, Any] = vars(wanted)
    for name, widget in _WIDGETS.items():
        value = values[name]
        st.session_state[widget] = list(value) if isinstance(value, tuple) else value
    st.session_state.pop("customer_page", None)
    st.switch_page(PAGE)
