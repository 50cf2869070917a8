"""Find customers, open one, put them on a list, take them away."""

from dataclasses import replace
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.results.segments import CustomerFilter
from churnkit.services.decide.contact_lists import list_names, list_rows, remove_list
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.decide.customer_list import (
    LIST_COLUMNS,
    SORTABLE,
    STATUSES,
    TIERS,
    all_customers,
    find_customers,
    found_groups,
    segments,
)
from churnkit.text.columns import column
from churnkit.text.figures import count, day, escape_markdown, money
from churnkit.ui import keys
from churnkit.ui.contact_list import add_to_contact_list
from churnkit.ui.customer_view import customer_page
from churnkit.ui.lookalike_view import lookalike_view
from churnkit.ui.tier_rules import rule_filter
from churnkit.ui.whom_choice import try_campaign

PAGE_SIZES = [25, 50, 100, 200]
SCORES = [5, 4, 3, 2, 1]
opened = ui.open_results()
results, currency = opened.results, opened.currency


def chosen_filter() -> CustomerFilter:
    """The filters above the list."""
    with st.container(border=True):
        chosen = figure_filters(standing_filters())
        return replace(chosen, bounds=rule_filter(opened))


def standing_filters() -> CustomerFilter:
    """By id, status, tier, segment and early warning."""
    with st.grid(5, min_column_width=180, gap="small"):
        search = st.text_input(
            "Search",
            placeholder="part of a customer's id",
            key=keys.CUSTOMER_SEARCH,
            icon=":material/search:",
        )
        statuses = st.multiselect(
            "Status", STATUSES, key=keys.CUSTOMER_STATUSES, placeholder="all", help=ui.term("status")
        )
        tiers = st.multiselect("Risk", TIERS, key=keys.CUSTOMER_TIERS, placeholder="all")
        names = st.multiselect(
            "Segment",
            segments(opened.store, results),
            key=keys.CUSTOMER_SEGMENTS,
            placeholder="all",
            help=ui.term("segment"),
        )
        moved = st.selectbox(
            "Early warnings",
            [False, True],
            format_func=lambda v: "only those who moved up a tier" if v else "everybody",
            key=keys.CUSTOMER_MOVED,
        )
    return CustomerFilter(
        search=search, tiers=tuple(tiers), segments=tuple(names), moved_up=moved, statuses=tuple(statuses)
    )


def figure_filters(chosen: CustomerFilter) -> CustomerFilter:
    """By value, last purchase, scores and found group, behind a line to open."""
    with (
        st.expander("More filters", icon=":material/filter_list:"),
        st.grid(5, min_column_width=180, gap="small"),
    ):
        low = st.number_input(
            "Value of a year from", value=None, key=keys.CUSTOMER_CLV_LOW, placeholder="any"
        )
        high = st.number_input(
            "Value of a year up to", value=None, key=keys.CUSTOMER_CLV_HIGH, placeholder="any"
        )
        kept_from = st.number_input(
            "Value if kept from",
            value=None,
            key=keys.CUSTOMER_KEPT_FROM,
            placeholder="any",
            help=ui.term("clv_if_kept"),
        )
        since = st.date_input("Last purchase from", value=None, key=keys.CUSTOMER_FROM)
        until = st.date_input("Last purchase until", value=None, key=keys.CUSTOMER_UNTIL)
        recency = st.multiselect(
            "Recency score",
            SCORES,
            key=keys.CUSTOMER_R_SCORES,
            placeholder="all",
            help="5 is the fifth that bought most lately.",
        )
        frequency = st.multiselect(
            "Frequency score",
            SCORES,
            key=keys.CUSTOMER_F_SCORES,
            placeholder="all",
            help="5 is the fifth with most orders.",
        )
        groups = st.multiselect(
            "Found group", found_groups(results), key=keys.CUSTOMER_GROUPS, placeholder="all"
        )
    return replace(
        chosen,
        clv_low=low,
        clv_high=high,
        bought_from=since,
        bought_until=until,
        kept_from=kept_from,
        r_scores=tuple(recency),
        f_scores=tuple(frequency),
        found_groups=tuple(groups),
    )


def close() -> None:
    """Forget the clicked row, so that the next rerun does not open it again."""
    st.session_state[keys.CUSTOMER_CLICKS] = st.session_state.get(keys.CUSTOMER_CLICKS, 0) + 1


@st.dialog("Customer", width="large", on_dismiss=close)
def show(customer_id: str) -> None:
    """One customer's own page."""
    with ui.guarded():
        customer_page(opened, customer_id)
        put_on_list([customer_id], key="one")


def put_on_list(customer_ids: list[str], *, key: str) -> None:
    """Add customers to a list of those to contact."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        add_to_contact_list(
            opened.workspace.store,
            opened.session.session_id,
            customer_ids,
            name_key=f"list_name_{key}",
            button_key=f"list_add_{key}",
        )


def list_csv(name: str) -> bytes:
    """A campaign's list as a file."""
    rows = list_rows(opened.workspace.store, opened.session.session_id, name, results)
    return ui.csv_bytes(with_contacts(rows, results.contacts))


ui.title(
    "Customers", f"Everybody with a purchase before {day(results.cutoff)}, and what is likely to happen next."
)
ui.as_of(opened)
ui.money_strip(results.summary.money, currency)
wanted = chosen_filter()
with st.container(horizontal=True, vertical_alignment="bottom"):
    order_by = st.selectbox(
        "Sort by",
        SORTABLE,
        index=SORTABLE.index("rank"),
        format_func=lambda name: column(name).title,
        key="customer_sort",
        width=220,
    )
    descending = st.segmented_control(
        "Order",
        [True, False],
        format_func=lambda v: "high first" if v else "low first",
        default=False,
        required=True,
        key="customer_descending",
    )
    page_size = st.selectbox("Rows a page", PAGE_SIZES, index=1, key="customer_rows", width=120)
number = st.session_state.get(keys.CUSTOMER_PAGE, 1)
page = find_customers(
    opened.store,
    results,
    wanted,
    order_by=order_by,
    descending=bool(descending),
    limit=page_size,
    offset=(number - 1) * page_size,
)
pages = max(1, -(-page.total // page_size))
if number > pages:
    st.session_state[keys.CUSTOMER_PAGE] = 1
    st.rerun()
st.markdown(
    f"**{count(page.total)}** customers · **{count(page.expected_leavers)}** of the active expected to leave ·"
    f" **{escape_markdown(money(page.value_at_risk, currency))}** at risk",
    help=ui.term("value_at_risk"),
)
if page.total == 0:
    ui.empty("Nobody matches", "Take a filter away, or search for another id.", icon=":material/search_off:")
    st.stop()
picked = ui.table(
    page.rows,
    LIST_COLUMNS,
    key=f"customer_table_{st.session_state.get(keys.CUSTOMER_CLICKS, 0)}_{number}",
    alt="Customers with probability, value and main reason",
    currency=currency,
    height=min(640, 38 + 35 * len(page.rows)),
    clickable=True,
)
st.pagination(pages, key=keys.CUSTOMER_PAGE)
if picked:
    show(page.rows["customer_id"].iloc[picked[0]])
with st.container(horizontal=True, vertical_alignment="bottom"):
    ui.download(
        f"These {count(page.total)} customers as CSV",
        lambda: ui.csv_bytes(with_contacts(all_customers(opened.store, results, wanted), results.contacts)),
        "customers.csv",
        "text/csv",
        key="customers_csv",
    )
    try_campaign(opened, wanted, page.total)
with st.expander("Customers most like a group", icon=":material/person_search:"):
    lookalike_view(opened)
with st.expander("Campaign lists", icon=":material/campaign:"):
    st.caption("Put everybody that the list above shows on a campaign's list, or take a list away as a file.")
    matching = all_customers(opened.store, results, wanted, columns=["customer_id"])
    put_on_list(matching["customer_id"].tolist(), key="all")
    here, session_id = opened.workspace.store, opened.session.session_id
    for name in list_names(here, session_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(name)
            ui.download(
                "CSV",
                partial(list_csv, name),
                "campaign.csv",
                "text/csv",
                key=f"list_csv_{name}",
            )
            st.button(
                "Delete list",
                key=f"list_delete_{name}",
                type="tertiary",
                on_click=remove_list,
                args=(here, session_id, name),
                **ui.needs(Action.PLAN),
            )
ui.definitions("rank", "status", "p_churn", "risk_tier", "clv", "value_at_risk", "segment", "overdue")
