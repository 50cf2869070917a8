"""The RFM map: recency against frequency, money as colour, and the way to a field's customers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.charts.segment_charts import rfm_chart
from churnkit.results.segments import CustomerFilter
from churnkit.text.figures import count, escape_markdown, money, percent, short_money
from churnkit.ui.customer_link import show_customers
from churnkit.ui.parts import clicked, note

MONEY_HELP = (
    "The darker a field, the more its customers have spent on average, in the order of the fields: each step is the same"
    " however far the amounts lie apart. Point at a field to see them."
)
_WIDTH = 560


def show_rfm_map(cells: pd.DataFrame, currency: str | None, *, own_limits: bool) -> None:
    """The map, and what is known of the field that was clicked.

    Parameters
    ----------
    cells
        Rows of ``segments.rfm_map``.
    own_limits
        Whether the reader's own limits drew the scores: lists know the shop's fifths only.
    """
    st.markdown("**Recency against frequency, money as colour**", help=MONEY_HELP)
    # Its fields are as large on every screen: on a wide one they would stand far apart.
    with st.container(width=_WIDTH):
        picked = clicked(
            rfm_chart(cells, currency),
            "Customers by how recently and how frequently they bought; the two scores stand in the axes",
            key="rfm_map",
        )
    if picked is None:
        note("The numbers are customers. Click a field to see who is in it.")
        return
    recency, frequency = int(picked[0]), int(picked[1])
    field = cells[(cells["r_score"] == recency) & (cells["f_score"] == frequency)].iloc[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            escape_markdown(
                f"{count(field['customers'])} customers ({percent(field['share'])}) with recency score {recency} and"
                f" frequency score {frequency}: last purchase {count(field['recency_from'])} to"
                f" {count(field['recency_to'])} days ago, {count(field['orders_from'])} to"
                f" {count(field['orders_to'])} orders, {money(field['mean_monetary_total'], currency)} spent each,"
                f" {short_money(field['value_at_risk'], currency)} of value at risk.",
                500,
            )
        )
        if st.button(
            "Show these customers",
            key="rfm_map_show",
            icon=":material/group:",
            disabled=own_limits,
            help="Lists know the shop's own fifths only." if own_limits else None,
        ):
            show_customers(CustomerFilter(r_scores=(recency,), f_scores=(frequency,)))
