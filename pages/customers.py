"""Find customers, open one, put them on a list, take them away."""

from dataclasses import replace
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.services.decide.contact_lists import list_names, list_rows, remove_list
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.decide.customer_list import (
    all_customers,
    customer_sums,
    find_customers,
)
from churnkit.services.decide.list_view import ListView
from churnkit.text.figures import count, day, escape_markdown, money
from churnkit.ui import keys
from churnkit.ui.contact_list import add_to_contact_list
from churnkit.ui.customer_filters import clear_filters, list_view
from churnkit.ui.customer_link import open_customer
from churnkit.ui.lookalike_view import lookalike_view
from churnkit.ui.whom_choice import try_campaign

opened = ui.open_results()
results, currency = opened.results, opened.currency


def list_csv(name: str) -> bytes:
    """A campaign's list as a file."""
    rows = list_rows(opened.workspace.store, opened.session.session_id, name, results)
    return ui.csv_bytes(with_contacts(rows, results.contacts), currency)


def as_shown(view: ListView) -> bytes:
    """The whole list as the screen shows it: its filter, its order and its columns."""
    return ui.csv_bytes(
        all_customers(
            opened.store,
            results,
            view.wanted,
            columns=view.columns,
            order_by=view.order_by,
            descending=view.descending,
        ),
        currency,
    )


def the_list(view: ListView, total: int) -> ListView:
    """One page of the list, its pages below it."""
    shown, below = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
    with below:
        pages = max(1, -(-total // view.rows))
        view = replace(view, page=st.pagination(pages, key=keys.CUSTOMER_PAGE, bind="query-params"))
        by_id(view)
    page = find_customers(
        opened.store,
        results,
        view.wanted,
        order_by=view.order_by,
        descending=view.descending,
        limit=view.rows,
        offset=(view.page - 1) * view.rows,
        columns=tuple(dict.fromkeys([*view.columns, "customer_id"])),
    )
    with shown:
        ui.customer_table(
            page.rows,
            view.columns,
            key=f"customer_table_{view.page}",
            alt="Customers with probability, value and main reason",
            back="customers",
            currency=currency,
            height=min(640, 38 + 35 * len(page.rows)),
            view=view,
        )
    return view


def by_id(view: ListView) -> None:
    """Somebody whose id one has before oneself, on the telephone for instance."""
    with st.form("open_by_id", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Open a customer", placeholder="their id, then Enter", key="customer_by_id")
        asked = st.form_submit_button("Open", key="customer_open")
    if asked and typed.strip():
        open_customer(typed.strip(), view=view)


def contact_lists(view: ListView) -> None:
    """Everybody that the list shows on a list to contact, and the lists that there are."""
    st.caption("Put everybody that the list above shows on a campaign's list, or take a list away as a file.")
    matching = all_customers(opened.store, results, view.wanted, columns=["customer_id"])
    here, session_id = opened.workspace.store, opened.session.session_id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        add_to_contact_list(
            here,
            session_id,
            matching["customer_id"].tolist(),
            name_key="list_name_all",
            button_key="list_add_all",
        )
    for name in list_names(here, session_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(name)
            ui.download("CSV", partial(list_csv, name), "campaign.csv", "text/csv", key=f"list_csv_{name}")
            st.button(
                "Delete list",
                key=f"list_delete_{name}",
                type="tertiary",
                on_click=remove_list,
                args=(here, session_id, name),
                **ui.needs(Action.PLAN),
            )


ui.title(
    "Customers", f"Everybody with a purchase before {day(results.cutoff)}, and what is likely to happen next."
)
ui.as_of(opened)
ui.money_strip(results.summary.money, currency)
view = list_view(opened)
sums = customer_sums(opened.store, results, view.wanted)
with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(
        f"**{count(sums.total)}** {'customer' if sums.total == 1 else 'customers'}"
        f" · **{count(sums.expected_leavers)}** of the active expected to leave"
        f" · **{escape_markdown(money(sums.value_at_risk, currency))}** at risk",
        help=ui.term("value_at_risk"),
    )
    clear_filters(view)
if sums.total == 0:
    ui.empty("Nobody matches", "Take a filter away, or search for another id.", icon=":material/search_off:")
    st.stop()
view = the_list(view, sums.total)
with st.container(horizontal=True, vertical_alignment="bottom"):
    ui.download(
        f"These {count(sums.total)} customers as CSV",
        partial(as_shown, view),
        "customers.csv",
        "text/csv",
        key="customers_csv",
    )
    try_campaign(opened, view.wanted, sums.total)
with st.expander("Customers most like a group", icon=":material/person_search:"):
    lookalike_view(opened)
drawer = st.expander("Lists to contact", icon=":material/campaign:", key="customer_lists", on_change="rerun")
if drawer.open:
    with drawer:
        contact_lists(view)
ui.definitions("rank", "status", "p_churn", "risk_tier", "clv", "value_at_risk", "segment", "overdue")
