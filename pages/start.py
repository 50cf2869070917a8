"""The first page of whoever has no analysis yet: what this is, a picture of a result, and the two ways in."""

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.charts.dashboard_charts import tier_ring, tier_values
from churnkit.text.figures import count, days, short_money
from churnkit.ui.example import Picture, example_picture
from churnkit.ui.example_note import example_button, own_file_button
from churnkit.ui.export_help import export_help

WHAT = (
    "From your shop's orders: which customers are about to leave, what they are worth, and whom to write to this week."
    " Every forecast is tested on your own past, and nothing leaves this server."
)
NO_UPLOADS = "Your role hands over no files here: an analyst of the workspace does. What they analyse opens on every page."


def ways_in(picture: Picture | None) -> None:
    """One button for each way."""
    columns = st.columns(2) if picture else [st.container()]
    if picture:
        with columns[0], st.container(border=True, height="stretch", key="way_example"):
            st.markdown("**Just looking?** A coffee shop's two years of orders, analysed. It opens at once.")
            example_button(primary=True)
    with columns[-1], st.container(border=True, height="stretch", key="way_own"):
        st.markdown("**Your own shop:** the file of orders that every shop system exports. It takes minutes.")
        own_file_button("use_export")
        export_help()


def result(picture: Picture) -> None:
    """The example's own figures."""
    money = picture.currency
    st.header("What you get", anchor=False)
    cards = [
        ui.Card(
            label="Active customers",
            value=count(picture.active),
            below=f"have bought in the last {days(picture.horizon_days)}",
        ),
        ui.Card(
            label="About to leave",
            value=count(picture.expected_leavers),
            below=f"of them, within the next {days(picture.horizon_days)}",
        ),
    ]
    if picture.at_risk is not None:
        cards.append(
            ui.Card(
                label="At stake",
                value=short_money(picture.at_risk, money),
                below="what they would have spent in a year",
            )
        )
    if picture.contacted and picture.net is not None:
        cards.append(
            ui.Card(
                label="This week",
                value=f"write to {count(picture.contacted)}",
                below=f"it is expected to bring {short_money(picture.net, money)} more than it costs",
            )
        )
    ui.cards(cards)
    if picture.tiers:
        left, right = st.columns(2)
        with left, st.container(border=True):
            ui.chart(
                tier_ring(picture.tiers), "The example's customers by risk of leaving", key="start_tiers"
            )
        with right, st.container(border=True):
            ui.chart(
                tier_values(picture.tiers, money),
                "What the example's customers are worth in a year, and the part at risk",
                key="start_values",
            )
    ui.note("The figures of the finished example, whose shop and customers are made up.")


ui.title("Who is about to leave your shop?", WHAT)
picture = example_picture()
ways_in(picture)
if not ui.may(Action.UPLOAD):
    ui.note(NO_UPLOADS)
if picture:
    result(picture)
