"""What happened to one customer, and what was sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from churnkit.accounts import Action
from churnkit.charts.customer_charts import purchases
from churnkit.services.decide.customer_list import MAX_ORDERS_SHOWN, orders_of
from churnkit.services.decide.customer_timeline import Happening, Kind, Sent, sent_to, standings_of, timeline
from churnkit.services.worklist.listed import MAX_NOTE, STATES, put_on_list, told_of
from churnkit.text.figures import count, counted, day, escape_markdown, money
from churnkit.ui.contact_list import add_to_contact_list
from churnkit.ui.navigation import page_file
from churnkit.ui.opened import Opened
from churnkit.ui.parts import chart, guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.since_link import versions_before
from churnkit.ui.tables import table

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from churnkit.store import WorkEntry

_FIRST = 25
_ICONS: dict[Kind, str] = {
    "order": "shopping_bag",
    "campaign": "campaign",
    "work": "checklist",
    "standing": "swap_vert",
}


def history(opened: Opened, customer_id: str) -> None:
    """Everything by day, the orders as a picture and as a table."""
    orders = orders_of(opened.store, opened.results, customer_id)
    shop_id, horizon = opened.session.session_id, opened.results.horizon_days
    sent = sent_to(opened.workspace.store, shop_id, customer_id, orders, horizon)
    standings = standings_of(_versions(opened), customer_id)
    told = timeline(orders, sent, _entries(opened, customer_id), standings, opened.currency)
    if orders["ordered_at"].dt.date.nunique() > 1:
        chart(purchases(orders, opened.currency), "Orders over time", key="customer_orders")
    st.markdown("**What happened, newest first**")
    everything = len(told) <= _FIRST or st.toggle(f"Show all {count(len(told))}", key="whole_timeline")
    st.markdown("\n".join(_line(one) for one in (told if everything else told[:_FIRST])))
    if len(orders) == MAX_ORDERS_SHOWN:
        note(f"The newest {count(MAX_ORDERS_SHOWN)} orders.")
    with st.expander("Orders as a table", icon=":material/table_rows:"):
        table(
            orders,
            ("order.ordered_at", "order.order_id", "order.lines", "order.amount"),
            key="order_table",
            alt="Orders of this customer, newest first",
            currency=opened.currency,
            height=min(360, 38 + 35 * len(orders)),
        )


def contacts_with(opened: Opened, customer_id: str) -> None:
    """The work list, the campaigns and what came of them."""
    orders = orders_of(opened.store, opened.results, customer_id)
    if opened.mine:
        _work(opened, customer_id)
    st.markdown("**Campaigns**")
    sent = sent_to(
        opened.workspace.store, opened.session.session_id, customer_id, orders, opened.results.horizon_days
    )
    if not sent:
        note("No campaign has had this customer.")
    for one in sent:
        _campaign(one, opened.currency)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        add_to_contact_list(
            opened.workspace.store,
            opened.session.session_id,
            [customer_id],
            name_key="list_name_one",
            button_key="list_add_one",
        )


def _campaign(one: Sent, currency: str | None) -> None:
    campaign = one.campaign
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(campaign.name, 80)}**")
        if campaign.started_on is None:
            st.write("Planned; it has not gone out yet.")
        else:
            how = "Left alone on purpose, to compare with, from" if one.held_out else "Contacted on"
            since = f"{counted(one.orders or 0, 'order')} since"
            spent = f" for {escape_markdown(money(one.spent, currency))}" if one.orders else ""
            st.write(f"{how} {day(campaign.started_on)}; {since}{spent}.")
        if one.readout:
            note(f"The campaign as a whole: {one.readout}")
        st.page_link(page_file("readout"), label="Did it work?", icon=":material/science:")


def _work(opened: Opened, customer_id: str) -> None:
    """How it stands on the work list, or the way onto it."""
    st.markdown("**Work list**")
    entries = _entries(opened, customer_id)
    if entries and entries[0].state != "back":
        st.write(f"Stands there: {STATES[entries[0].state].lower()}.")
        st.page_link(page_file("worklist"), label="To the work list", icon=":material/checklist:")
    elif st.button(
        "Put on the work list", key="customer_to_work", icon=":material/playlist_add:", **needs(Action.PLAN)
    ):
        with guarded():
            put_on_list(opened.store, opened.session.session_id, opened.results, [customer_id])
            st.rerun()
    for line in told_of(entries):
        st.caption(escape_markdown(line, MAX_NOTE + 100))


def _entries(opened: Opened, customer_id: str) -> list[WorkEntry]:
    """A link to an analysis does not show its work list."""
    return opened.store.worklist.of_customer(opened.session.session_id, customer_id) if opened.mine else []


def _versions(opened: Opened) -> dict[datetime, Path]:
    """The customers' file of each version, by its cutoff."""
    shown, earlier = versions_before(opened)
    platform, session = opened.workspace.platform, opened.session
    found = {}
    for run in [shown, *earlier]:
        folder = platform.run_folder(session, run.run_id)
        if folder is not None and run.summary.cutoff is not None and (folder / "customers.parquet").exists():
            found[run.summary.cutoff] = folder / "customers.parquet"
    return found


def _line(one: Happening) -> str:
    return f"- :material/{_ICONS[one.kind]}: **{day(one.on)}** {escape_markdown(one.words, MAX_NOTE + 120)}"
