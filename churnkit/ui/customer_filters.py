"""What stands above the list of customers: filters in one line, order, columns, and filters kept under names.

Every choice stands in the address under the key of its widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeVar

import streamlit as st

from churnkit.accounts import Action
from churnkit.results.segments import CustomerFilter
from churnkit.services.decide.customer_list import columns_known, found_groups, segments
from churnkit.services.decide.customer_query import SORTABLE
from churnkit.services.decide.list_view import (
    HIGH_FIRST,
    LOW_FIRST,
    PAGE_SIZES,
    SCORES,
    STATUSES,
    TIERS,
    USUAL_ROWS,
    ListView,
    titles,
)
from churnkit.services.decide.saved_filters import MAX_NAME, delete_filter, save_filter, saved_filters
from churnkit.text.figures import counted, escape_markdown
from churnkit.text.number_formats import date_field
from churnkit.ui import keys
from churnkit.ui.customer_link import put_view
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.shop_fields import in_currency
from churnkit.ui.tier_rules import rule_filter

T = TypeVar("T")
_BOUND: Literal["query-params"] = "query-params"


def first_page() -> None:
    """Another filter begins at its first page."""
    st.session_state[keys.CUSTOMER_PAGE] = 1


def list_view(opened: Opened) -> ListView:
    """The filters in one line, and what they say; the page is chosen below the list."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="customer_filters"):
        usual = _usual_filters()
        with st.popover("More filters", icon=":material/filter_list:", key="more_filters"):
            more = _more_filters(opened, usual)
            wanted = replace(more, bounds=rule_filter(opened, first_page))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order_by, descending = _order()
        with st.popover("Columns", icon=":material/view_column:", key="choose_columns"):
            columns, rows = _columns(opened)
        with st.popover("Saved", icon=":material/bookmark:", key="saved_filters"):
            place = st.container()
    view = ListView(wanted, order_by, descending, 1, rows, columns)
    with place:
        _saved(opened, view)
    return view


def clear_filters(view: ListView) -> None:
    """How many filters are set, and the way back to everybody."""
    usual = CustomerFilter()
    number = sum(getattr(view.wanted, name) != getattr(usual, name) for name in vars(usual))
    if number:
        st.button(
            f"Clear {counted(number, 'filter')}",
            key="clear_filters",
            icon=":material/filter_list_off:",
            type="tertiary",
            on_click=put_view,
            args=(replace(view, wanted=usual),),
        )


def _usual_filters() -> CustomerFilter:
    search = st.text_input(
        "Search",
        placeholder="part of a customer's id",
        key=keys.CUSTOMER_SEARCH,
        icon=":material/search:",
        on_change=first_page,
        bind=_BOUND,
        width=260,
    )
    statuses = st.multiselect(
        "Status",
        STATUSES,
        key=keys.CUSTOMER_STATUSES,
        placeholder="all",
        on_change=first_page,
        bind=_BOUND,
        width=190,
    )
    tiers = st.multiselect(
        "Risk",
        TIERS,
        key=keys.CUSTOMER_TIERS,
        placeholder="all",
        on_change=first_page,
        bind=_BOUND,
        width=190,
    )
    return CustomerFilter(search=search, statuses=tuple(statuses), tiers=tuple(tiers))


def _more_filters(opened: Opened, chosen: CustomerFilter) -> CustomerFilter:
    """By segment, early warning, value, last purchase, scores and found group."""
    names = _many("Segment", segments(opened.store, opened.results), keys.CUSTOMER_SEGMENTS)
    moved = st.toggle(
        "Only those whose risk went up",
        key=keys.CUSTOMER_MOVED,
        on_change=first_page,
        bind=_BOUND,
        help="In a higher risk tier than one churn threshold ago.",
    )
    left, right = st.columns(2)
    with left:
        low = _amount(in_currency("Value of a year from", opened.currency), keys.CUSTOMER_CLV_LOW)
        kept_from = _amount(in_currency("Value if kept from", opened.currency), keys.CUSTOMER_KEPT_FROM)
        since = st.date_input(
            "Last purchase from",
            value=None,
            key=keys.CUSTOMER_FROM,
            on_change=first_page,
            bind=_BOUND,
            format=date_field(),
        )
        recency = _many(
            "Recency score", SCORES, keys.CUSTOMER_R_SCORES, "5: the fifth that bought most lately."
        )
    with right:
        high = _amount(in_currency("up to", opened.currency), keys.CUSTOMER_CLV_HIGH)
        groups = _many("Found group", found_groups(opened.results), keys.CUSTOMER_GROUPS)
        until = st.date_input(
            "until",
            value=None,
            key=keys.CUSTOMER_UNTIL,
            on_change=first_page,
            bind=_BOUND,
            format=date_field(),
        )
        frequency = _many("Frequency score", SCORES, keys.CUSTOMER_F_SCORES, "5: the fifth with most orders.")
    return replace(
        chosen,
        segments=tuple(names),
        moved_up=moved,
        clv_low=low,
        clv_high=high,
        bought_from=since,
        bought_until=until,
        kept_from=kept_from,
        r_scores=tuple(recency),
        f_scores=tuple(frequency),
        found_groups=tuple(groups),
    )


def _many(label: str, options: Sequence[T], key: str, help: str | None = None) -> list[T]:
    return st.multiselect(
        label, options, key=key, placeholder="all", help=help, on_change=first_page, bind=_BOUND
    )


def _amount(label: str, key: str) -> float | None:
    value: float | None = st.number_input(
        label, value=None, key=key, placeholder="any", on_change=first_page, bind=_BOUND
    )
    return value


def _order() -> tuple[str, bool]:
    called = titles()
    order_by = st.selectbox(
        "Sort by",
        SORTABLE,
        format_func=called.__getitem__,
        key=keys.CUSTOMER_SORT,
        on_change=first_page,
        bind=_BOUND,
        width=220,
    )
    order = st.segmented_control(
        "Order",
        [LOW_FIRST, HIGH_FIRST],
        default=LOW_FIRST,
        required=True,
        key=keys.CUSTOMER_ORDER,
        on_change=first_page,
        bind=_BOUND,
        width="content",
    )
    return order_by, order == HIGH_FIRST


def _columns(opened: Opened) -> tuple[tuple[str, ...], int]:
    """The columns that are shown and exported, in this order, and the rows a page."""
    called, known = titles(), columns_known(opened.results)
    usual = ListView().columns
    columns = st.multiselect(
        "Columns, in this order",
        [name for name in called if name in known],
        [name for name in usual if name in known],
        format_func=called.__getitem__,
        key=keys.CUSTOMER_COLUMNS,
        bind=_BOUND,
        help="The list shows them, and the file has them.",
    )
    rows = st.selectbox(
        "Rows a page",
        PAGE_SIZES,
        index=PAGE_SIZES.index(USUAL_ROWS),
        key=keys.CUSTOMER_ROWS,
        on_change=first_page,
        bind=_BOUND,
    )
    return tuple(columns) or usual, rows


def _saved(opened: Opened, view: ListView) -> None:
    """Filters by name: each with a way to it and one to forget it, and a field to keep the present one."""
    store = opened.workspace.store
    kept = saved_filters(store)
    if not kept:
        st.caption("Keep the list as it stands now, filter, order and columns, under a name.")
    for name, one in kept.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                escape_markdown(name, MAX_NAME),
                key=f"filter_use_{name}",
                icon=":material/bookmark:",
                on_click=put_view,
                args=(one,),
            )
            st.button(
                "Delete",
                key=f"filter_delete_{name}",
                type="tertiary",
                on_click=delete_filter,
                args=(store, name),
                **needs(Action.PLAN),
            )
    with st.form("filter_form", border=False):
        name = st.text_input(
            "Name", max_chars=MAX_NAME, key="filter_name", placeholder="such as Big and quiet"
        )
        if st.form_submit_button("Save this list", key="filter_save", **needs(Action.PLAN)):
            with guarded():
                save_filter(store, name, view)
                st.rerun()
