"""The way from a figure to its customers: the list of customers, filtered."""

from __future__ import annotations

import streamlit as st

from churnkit.results.segments import CustomerFilter
from churnkit.ui import keys

PAGE = "pages/customers.py"
# Fields of the filter and the widgets of the customers page that hold them.
_WIDGETS = {
    "search": keys.CUSTOMER_SEARCH,
    "tiers": keys.CUSTOMER_TIERS,
    "statuses": keys.CUSTOMER_STATUSES,
    "segments": keys.CUSTOMER_SEGMENTS,
    "kept_from": keys.CUSTOMER_KEPT_FROM,
    "clv_low": keys.CUSTOMER_CLV_LOW,
    "clv_high": keys.CUSTOMER_CLV_HIGH,
    "bought_from": keys.CUSTOMER_FROM,
    "bought_until": keys.CUSTOMER_UNTIL,
    "moved_up": keys.CUSTOMER_MOVED,
    "bounds": keys.CUSTOMER_BOUNDS,
    "r_scores": keys.CUSTOMER_R_SCORES,
    "f_scores": keys.CUSTOMER_F_SCORES,
    "found_groups": keys.CUSTOMER_GROUPS,
}
# A selectbox holds one value, which may be a tuple itself.
_WHOLE = (keys.CUSTOMER_BOUNDS,)


def show_customers(wanted: CustomerFilter) -> None:
    """Open the list of customers with this filter set and no other."""
    for name, widget in _WIDGETS.items():
        value = getattr(wanted, name)
        many = isinstance(value, tuple) and widget not in _WHOLE
        st.session_state[widget] = list(value) if many else value
    st.session_state.pop(keys.CUSTOMER_PAGE, None)
    st.switch_page(PAGE)
