"""Home in the expert view: money side by side, the tiers, what drives the forecast, the months ahead, the models."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.dashboard_charts import tier_ring, tier_values
from churnkit.results.evidence.standing_now import TierFigures
from churnkit.results.rows import frame_of
from churnkit.text.figures import (
    escape_markdown,
)
from churnkit.text.terms import term
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.dashboard_parts import early_warnings, model_table, new_customer_signs, top_drivers
from churnkit.ui.money_strip import money_strip
from churnkit.ui.months_ahead import outlook_card, year_card
from churnkit.ui.opened import Opened
from churnkit.ui.parts import value_or_note
from churnkit.ui.quarter_cards import quarter_cards
from churnkit.ui.tables import table

_TIER_COLUMNS = (
    "tier",
    "customers",
    "mean_p_churn",
    "expected_churners",
    "value_at_risk",
    "mean_clv",
    "mean_recency_days",
    "mean_order_count",
    "mean_order_value",
)


def expert_part(opened: Opened) -> None:
    """Everything behind the five answers."""
    st.header("Behind the answers", anchor=False)
    money_strip(opened.results.summary.money, opened.currency)
    quarter_cards(opened)
    _advice(opened)
    _proof(opened)
    _tiers(opened)
    _all_drivers(opened)
    top_drivers(opened)
    one, two = st.columns(2)
    with one:
        early_warnings(opened)
    with two:
        new_customer_signs(opened)
    outlook_card(opened)
    year_card(opened)
    model_table(opened)


def _advice(opened: Opened) -> None:
    with st.container(border=True):
        st.header("The advice in full", anchor=False)
        advice = value_or_note(opened.results.evidence.recommended)
        if advice is None:
            return
        st.write(escape_markdown(advice.words, 1000))
        rests_on(opened, "dashboard")


def _proof(opened: Opened) -> None:
    evidence = opened.results.evidence
    with st.container(border=True):
        st.header("The proof in full", anchor=False)
        st.caption(f"{evidence.champion_title}: {evidence.champion_words}.", help=term("champion"))
        for sentence in evidence.trust.sentences:
            st.markdown(f"- {escape_markdown(sentence, 500)}")


def _tiers(opened: Opened) -> None:
    """Counts and money of the active customers by risk tier."""
    rows, currency = opened.results.evidence.tiers, opened.currency
    st.header("Risk tiers", help=term("risk_tier"), anchor=False)
    st.caption("Of the active customers.")
    if not any(row.customers for row in rows):
        st.info("Nothing proves that the forecast tells who leaves, so nobody is put into a tier.")
        return
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        opened.chart(tier_ring, rows, alt="Customers by risk tier", key="tier_ring")
    with right, st.container(border=True, height="stretch"):
        opened.chart(
            tier_values,
            rows,
            currency,
            alt="Value of a year and value at risk by tier",
            key="tier_values",
        )
    table(
        frame_of(TierFigures, rows),
        _TIER_COLUMNS,
        key="tier_table",
        alt="Risk tiers compared",
        currency=currency,
    )


def _all_drivers(opened: Opened) -> None:
    """What sets those at high risk apart, in words with figures."""
    with st.container(border=True):
        st.header("All that sets those at risk apart", anchor=False)
        for driver in value_or_note(opened.results.evidence.drivers) or ():
            st.markdown(f"- {escape_markdown(driver.words, 400)}", help=driver.figure_definition)
