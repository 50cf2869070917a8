"""Home in the expert view: money side by side, the tiers, what drives the forecast, the months ahead, the models."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.dashboard_charts import tier_ring, tier_values
from churnkit.results.evidence.standing_now import TierFigures
from churnkit.results.found import Found
from churnkit.results.rows import frame_of
from churnkit.services.decide.quarter_change import Change, QuarterChange
from churnkit.text.figures import (
    count,
    day,
    escape_markdown,
    percent,
    short_money,
    signed_percent,
)
from churnkit.text.terms import term
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.dashboard_parts import early_warnings, model_table, new_customer_signs, top_drivers
from churnkit.ui.home_known import change_since_a_quarter
from churnkit.ui.money_strip import money_strip
from churnkit.ui.months_ahead import outlook_card, year_card
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, cards, note, value_or_note
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


def quarter_cards(opened: Opened) -> None:
    """The shop against a quarter ago."""
    change, currency = change_since_a_quarter(opened), opened.currency
    totals = opened.results.summary.customers
    row = [
        _card("Active customers", count(totals.active.customers), change.active, "status", "card_customers")
    ]
    if isinstance(change.revenue, Found):
        sold = change.revenue.value
        row.append(
            _card(
                "Sold in three months", short_money(sold.now, currency), change.revenue, None, "card_revenue"
            )
        )
    if isinstance(change.leaver_share, Found):
        row.append(_leavers(change, change.leaver_share.value))
    cards(row)
    if not isinstance(change.active, Found):
        note(f"No change against a quarter ago: {change.active.reason}")
    st.caption("Seasons are in these changes.")


def _card(label: str, value: str, found: object, name: str | None, key: str) -> Card:
    known = found.value if isinstance(found, Found) else None
    share = known.share if isinstance(known, Change) else None
    told = share is not None and known is not None
    return Card(
        label=label,
        value=value,
        term=name,
        kind="measured",
        change=signed_percent(share) if told else "",
        change_words=f"since {day(known.since)}" if told and known is not None else "",
        key=key,
    )


def _leavers(change: QuarterChange, share: Change) -> Card:
    left = "" if change.left_then is None else f"; {percent(change.left_then)} of them did"
    return Card(
        label="Expected to leave a quarter ago",
        value=percent(share.before),
        below=f"of those active on {day(share.since)}, the date with a forecast nearest to a quarter ago{left}",
        kind="tested",
        key="card_leavers_then",
    )


def _advice(opened: Opened) -> None:
    with st.container(border=True):
        st.subheader("The advice in full", anchor=False)
        advice = value_or_note(opened.results.evidence.recommended)
        if advice is None:
            return
        st.write(escape_markdown(advice.words, 1000))
        rests_on(opened, "dashboard")


def _proof(opened: Opened) -> None:
    evidence = opened.results.evidence
    with st.container(border=True):
        st.subheader("The proof in full", anchor=False)
        st.caption(f"{evidence.champion_title}: {evidence.champion_words}.", help=term("champion"))
        for sentence in evidence.trust.sentences:
            st.markdown(f"- {escape_markdown(sentence, 500)}")


def _tiers(opened: Opened) -> None:
    """Counts and money of the active customers by risk tier."""
    rows, currency = opened.results.evidence.tiers, opened.currency
    st.subheader("Risk tiers", help=term("risk_tier"), anchor=False)
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
            currency or "amount",
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
        st.subheader("All that sets those at risk apart", anchor=False)
        for driver in value_or_note(opened.results.evidence.drivers) or ():
            st.markdown(f"- {escape_markdown(driver.words, 400)}", help=driver.figure_definition)
