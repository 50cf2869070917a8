"""The form of what every analysis of a workspace begins with."""

from __future__ import annotations

import streamlit as st

from churnkit.config import Money, Tiers
from churnkit.services.workspace.workspace_preferences import (
    MAX_RETENTION_DAYS,
    Preferences,
    load_preferences,
    save_preferences,
)
from churnkit.store import Store
from churnkit.text.figures import percent
from churnkit.text.terms import term
from churnkit.ui.parts import guarded


def preferences_form(store: Store) -> None:
    """Defaults of the analyses to come; kept when they are sent."""
    now = load_preferences(store)
    with st.form("preferences"):
        st.subheader("Defaults of the next analysis")
        st.caption("An analysis that is done keeps the settings it was made with.")
        with st.grid(3, min_column_width=230, gap="small") as grid:
            with grid.cell():
                tiers = _tiers(now.tiers)
            with grid.cell():
                margin, discount_rate = _money(now.money)
                currency = st.text_input(
                    "Currency where a file names none",
                    now.currency or "",
                    max_chars=3,
                    placeholder="EUR, USD …",
                    key="currency",
                )
            with grid.cell():
                save_rate, contact_cost = _campaigns(now.money)
        st.markdown("**Retention**")
        kept = st.number_input(
            "Delete analyses that nobody has worked on for this many days",
            1,
            MAX_RETENTION_DAYS,
            value=now.retention_days,
            placeholder="empty: they stay",
            key="retention_days",
        )
        if not st.form_submit_button("Save", type="primary", key="save_preferences"):
            return
        with guarded():
            money = Money(
                margin=margin,
                annual_discount_rate=discount_rate,
                save_rate=save_rate,
                contact_cost=contact_cost,
            )
            high, medium = tiers
            save_preferences(
                store,
                Preferences(
                    tiers=Tiers(high=high, medium=medium),
                    money=money,
                    currency=currency.strip().upper() or None,
                    retention_days=kept,
                ),
            )
            st.toast("Saved.", icon=":material/check:")


def _tiers(now: Tiers) -> tuple[float, float]:
    """Shares above which the risk is high, and medium."""
    st.markdown("**Risk tiers**", help=term("risk_tier"))
    high = st.number_input("High above, in %", 2, 99, round(100 * now.high), key="tier_high")
    medium = st.number_input("Medium above, in %", 1, 98, round(100 * now.medium), key="tier_medium")
    return high / 100, medium / 100


def _money(now: Money) -> tuple[float, float]:
    """Margin and discount rate as shares."""
    st.markdown("**Money**")
    margin = st.number_input("Margin on sales, in %", 1.0, 100.0, 100 * now.margin, 1.0, "%g", key="margin")
    rate = st.number_input(
        "Discount rate a year, in %",
        0.0,
        99.0,
        100 * now.annual_discount_rate,
        1.0,
        "%g",
        key="discount_rate",
        help="By how much money in a year counts less than money today, in the value of a customer.",
    )
    return margin / 100, rate / 100


def _campaigns(now: Money) -> tuple[float, float | None]:
    """Success rate as a share, and the cost of a contact; None is a share of the mean order."""
    st.markdown("**Campaigns**")
    rate = st.number_input(
        "Success rate, in %",
        0.1,
        100.0,
        100 * now.save_rate,
        1.0,
        "%g",
        key="save_rate",
        help=term("save_rate"),
    )
    cost = st.number_input(
        "Cost of one contact",
        0.0,
        value=now.contact_cost,
        placeholder=f"{percent(now.contact_cost_share)} of the mean order",
        key="contact_cost",
        help=term("contact_cost"),
    )
    return rate / 100, cost
