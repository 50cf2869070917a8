"""The ways to the list of customers, filtered, and to one customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from churnkit.results.segments import CustomerFilter
from churnkit.services.decide.list_view import (
    HIGH_FIRST,
    LOW_FIRST,
    ListView,
    query_of,
    text_of,
)
from churnkit.ui import keys
from churnkit.ui.address import ANALYSIS, SHARE
from churnkit.ui.navigation import page_file

PAGE = "pages/customers.py"
CUSTOMER_STEM = "customer"
CUSTOMER_PAGE = page_file(CUSTOMER_STEM)


def show_customers(wanted: CustomerFilter) -> None:
    """Open the list of customers with this filter set and no other, in the usual order."""
    view = replace(ListView(), wanted=wanted)
    put_view(view)
    st.switch_page(PAGE, query_params={**analysis_named(), **query_of(view)})


def put_view(view: ListView) -> None:
    """Set every widget of the list of customers."""
    wanted = view.wanted
    values: dict[str, Any] = {
        keys.CUSTOMER_SEARCH: wanted.search,
        keys.CUSTOMER_STATUSES: list(wanted.statuses),
        keys.CUSTOMER_TIERS: list(wanted.tiers),
        keys.CUSTOMER_SEGMENTS: list(wanted.segments),
        keys.CUSTOMER_MOVED: wanted.moved_up,
        keys.CUSTOMER_CLV_LOW: wanted.clv_low,
        keys.CUSTOMER_CLV_HIGH: wanted.clv_high,
        keys.CUSTOMER_KEPT_FROM: wanted.kept_from,
        keys.CUSTOMER_FROM: wanted.bought_from,
        keys.CUSTOMER_UNTIL: wanted.bought_until,
        keys.CUSTOMER_BOUNDS: wanted.bounds,
        keys.RULE_CHOSEN: True,
        keys.CUSTOMER_R_SCORES: list(wanted.r_scores),
        keys.CUSTOMER_F_SCORES: list(wanted.f_scores),
        keys.CUSTOMER_GROUPS: list(wanted.found_groups),
        keys.CUSTOMER_SORT: view.order_by,
        keys.CUSTOMER_ORDER: HIGH_FIRST if view.descending else LOW_FIRST,
        keys.CUSTOMER_ROWS: view.rows,
        keys.CUSTOMER_COLUMNS: list(view.columns),
        keys.CUSTOMER_PAGE: view.page,
    }
    for widget, value in values.items():
        st.session_state[widget] = value


def open_customer(
    customer_id: str, *, view: ListView | None = None, back: str = "", listed: Sequence[str] = ()
) -> None:
    """Open one customer's page.

    Parameters
    ----------
    view
        The list of customers that they stand in: it goes into the address, so that the way back and the neighbours are
        the same in another browser.
    back, listed
        Otherwise the stem of the page that they were opened from, and the ids of its list in the order on screen.
    """
    if listed:
        st.session_state[keys.LISTED] = {"page": back, "ids": list(listed)}
    asked = {**analysis_named(), **address_of(customer_id, view=view, back=back)}
    st.switch_page(CUSTOMER_PAGE, query_params=asked)


def note_linked(back: str, name: str, customer_ids: Sequence[str]) -> None:
    """Note a list whose customers are opened by links, for the ways to the one before and the next.

    Parameters
    ----------
    back, name
        The stem of the page that it stands on, and its own name there.
    """
    st.session_state.setdefault(keys.LINKED, {})[back, name] = list(customer_ids)


def analysis_named() -> dict[str, str]:
    """The open analysis as the address names it."""
    return {name: st.query_params[name] for name in (ANALYSIS, SHARE) if name in st.query_params}


def address_of(customer_id: str, *, view: ListView | None = None, back: str = "") -> dict[str, str]:
    """What the address of a customer's page says."""
    asked = {keys.CUSTOMER: customer_id}
    if view is not None and text_of(view):
        asked[keys.CUSTOMER_LIST] = text_of(view)
    if back:
        asked[keys.CUSTOMER_BACK] = back
    return asked
