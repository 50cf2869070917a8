"""Products that go together, how well that predicts, and when the next order is due."""

from __future__ import annotations

import streamlit as st

from churnkit.results.baskets import BasketsDocument, MethodRate, ProductRule, ProductRules
from churnkit.results.found import Found, Missing
from churnkit.results.frames import frame_of
from churnkit.text.figures import escape_markdown
from churnkit.ui.parts import note

UNITS = {"orders": "in one order", "customers": "by the same customers"}
_LEFT_OUT_SHOWN = 8


def products(told: BasketsDocument) -> None:
    """Rules, their held-out test, and due dates."""
    st.subheader("Products that go together", anchor=False)
    match told.rules:
        case Found(rules):
            _rules(rules)
        case Missing(reason):
            note(reason)
    st.subheader("When the next order is due", anchor=False)
    match told.due:
        case Missing(reason):
            note(reason)
            return
        case Found(due):
            st.write(escape_markdown(due.words, 800))
    note(
        "From each customer's own gaps between purchases, drawn towards the shop's where they are few, given the silence so"
        " far, and if an order comes within the threshold at all."
    )


def _rules(found: ProductRules) -> None:
    """What was tested, and the rules themselves."""
    st.write(escape_markdown(found.verdict, 600))
    if found.held_out:
        st.dataframe(
            frame_of(found.held_out.rates, MethodRate),
            hide_index=True,
            key="rates_table",
            alt="Hit rates of the ways to suggest a product on held-out orders",
            column_order=["words", "first", "any_of_three", "money"],
            column_config={
                "words": st.column_config.TextColumn("Suggested is", width="large"),
                "first": st.column_config.NumberColumn("First one right", format="percent"),
                "any_of_three": st.column_config.NumberColumn("One of three right", format="percent"),
                "money": st.column_config.NumberColumn(
                    "Spent on the first one", format="%.2f", help="Mean over all customers, misses as 0."
                ),
            },
        )
    unit = st.segmented_control(
        "Bought together",
        list(UNITS),
        format_func=UNITS.__getitem__,
        default="orders",
        required=True,
        key="rules_unit",
    )
    rules = found.by_unit[unit]
    if not rules.rules:
        note("No two products are bought together clearly more often than chance.")
    else:
        st.dataframe(
            frame_of(rules.rules, ProductRule),
            hide_index=True,
            height=360,
            key="rules_table",
            alt="Rules between products, those that move most money first",
            column_order=["if_name", "then_name", "lift", "confidence", "base", "together", "value"],
            column_config={
                "if_name": st.column_config.TextColumn("Who buys", max_chars=80),
                "then_name": st.column_config.TextColumn("also buys", max_chars=80),
                "lift": st.column_config.NumberColumn(
                    "Lift", format="%.1f", help="How many times more often than customers in general."
                ),
                "confidence": st.column_config.NumberColumn("Of them", format="percent"),
                "base": st.column_config.NumberColumn("Of all", format="percent"),
                "together": st.column_config.NumberColumn("Together", format="localized"),
                "value": st.column_config.NumberColumn(
                    "Extra money",
                    format="accounting",
                    help="Expected for each: what is above chance, times the usual amount.",
                ),
            },
        )
    left_out = ", ".join(found.left_out[:_LEFT_OUT_SHOWN])
    note(rules.words + (f" Left out as no products: {left_out}." if left_out else ""))
