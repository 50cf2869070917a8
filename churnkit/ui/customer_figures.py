"""The figures at the top of a customer's page, and the product to suggest."""

from __future__ import annotations

import streamlit as st

from churnkit.results.customer import Customer
from churnkit.results.found import Missing
from churnkit.services.decide.customer_prospects import NextOrder, next_order, suggestion, usual_churn
from churnkit.text.columns import column
from churnkit.text.figures import day, days, escape_markdown, money, percent, short_money
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, cards, note


def figures_of(opened: Opened, found: Customer) -> None:
    """Probability beside the shop's usual one, value, last purchase and the next one."""
    results, currency = opened.results, opened.currency
    usual, due = usual_churn(results), next_order(results, found.customer_id)
    gap = "" if found.gap_mean_days is None else f"; usually {days(found.gap_mean_days)} between orders"
    risk = f"{found.risk_tier} risk; " if found.risk_tier else ""
    cards(
        [
            Card(
                value=percent(found.p_churn),
                term="p_churn",
                below=f"{risk}usual among your active customers: {percent(usual)}",
                key="customer_p_churn",
            ),
            Card(
                label=column("clv").title,
                value=short_money(found.clv, currency),
                term="clv",
                below=f"{short_money(found.clv_if_kept, currency)} if they buy again",
                key="customer_value",
            ),
            Card(
                label=column("last_purchase_at").title,
                value=day(found.last_purchase_at),
                below=f"{days(found.recency_days)} before the data end{gap}",
                key="customer_last",
            ),
            _next(opened, due),
        ]
    )
    if isinstance(due, NextOrder) and due.tested:
        note(
            "Next order: from the gaps between their own orders, and your other customers' where these are few."
            f" {due.tested}"
        )
    if found.p_churn_if_bought is not None:
        st.markdown(
            f":material/shopping_bag: If this customer bought today: **{percent(found.p_churn)} →"
            f" {percent(found.p_churn_if_bought)}**",
            help="What the model would say after one more order of the usual size. The model's answer to other inputs,"
            " not proof that making them buy causes it.",
        )


def _next(opened: Opened, due: NextOrder | Missing) -> Card:
    label = column("expected_next_order").title
    if isinstance(due, Missing):
        return Card(label=label, value="–", below=due.reason, key="customer_next")
    within = days(opened.results.horizon_days)
    return Card(
        label=label,
        value=day(due.on),
        below=f"{day(due.earliest)} to {day(due.latest)} in 8 of 10 cases, if one comes within {within}",
        key="customer_next",
    )


def suggested(opened: Opened, customer_id: str) -> None:
    """The product to suggest, only where suggesting beats what is popular."""
    st.markdown("**Product to suggest**")
    told = suggestion(opened.results, customer_id)
    if isinstance(told, Missing):
        note(told.reason)
        return
    one = told.value
    st.markdown(
        f"**{escape_markdown(one.product, 80)}**, because they have bought {escape_markdown(one.because, 80)}"
        f" (brings about {escape_markdown(money(one.value, opened.currency))} after margin)",
        help=escape_markdown(one.tested, 800),
    )
