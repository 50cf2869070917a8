"""What a campaign changes for the customers it is about, and what its net hangs on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from churnkit.charts.money_charts import tornado
from churnkit.results.campaign_money import Scenario
from churnkit.services.whatif.hangs_on import RANGES, swing_table, swings_of, widest_words
from churnkit.services.whatif.played import GroupEffect
from churnkit.services.whatif.simulate import Desk, Lists
from churnkit.text.figures import count, escape_markdown, people, short_money
from churnkit.ui.expert_view import is_expert
from churnkit.ui.interval_words import interval_words
from churnkit.ui.parts import Card, cards, chart
from churnkit.ui.tables import table


def what_it_changes(group: GroupEffect, currency: str | None) -> None:
    """Who stays and what a customer is worth, without the campaign and with it."""
    cash = partial(short_money, currency=currency)
    year, year_with = group.year_each()
    st.markdown(f"**What it changes for all {count(group.customers)} whom you chose from**")
    cards(
        [
            Card(
                label="Stay without it",
                value=people(group.stay),
                below="buy again within the threshold, as forecast",
                kind="forecast",
                key="group_stay",
            ),
            Card(
                label="Stay with it",
                value=people(group.stay_with.value),
                below=interval_words(group.stay_with, people),
                kind="assumed",
                key="group_stay_with",
            ),
            Card(
                label="A year without it",
                value=cash(year),
                term="clv",
                below=f"of a customer; all together {cash(group.year)}",
                kind="forecast",
                key="group_year",
            ),
            Card(
                label="A year with it",
                value=cash(year_with.value),
                below=f"of a customer, cost taken off; all together {cash(group.year_with.value)}",
                kind="assumed",
                key="group_year_with",
            ),
        ]
    )


def hangs_on(desk: Desk, plan: Scenario, net: float, currency: str | None, lists: Lists) -> None:
    """The tornado: the net over each assumption's range."""
    swings = swings_of(desk, plan, lists)
    if not swings:
        return
    rows = swing_table(swings, currency)
    with st.container(border=True):
        st.markdown("**What the net hangs on**")
        st.markdown(escape_markdown(widest_words(swings, net, currency), 600))
        chart(
            tornado(rows, net, currency),
            "Expected net at both ends of each assumption's range, the widest first",
            key="tornado",
        )
        st.caption(RANGES)
    if not is_expert():
        return
    with st.expander("As a table", icon=":material/table:"):
        columns = ("swing.what", "swing.low", "swing.high", "swing.net_low", "swing.net_high", "swing.kind")
        table(
            rows,
            columns,
            key="tornado_table",
            alt="Expected net over each assumption's range",
            currency=currency,
        )
