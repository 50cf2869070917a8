"""The findings on one screen: who is about to leave, what is at stake, how far to trust it, what to do."""

from collections.abc import Mapping

import streamlit as st

from churnkit import ui
from churnkit.charts.dashboard_charts import tier_ring, tier_values
from churnkit.results.evidence.proof import Grade
from churnkit.results.evidence.standing_now import TierFigures
from churnkit.results.rows import frame_of
from churnkit.results.segments import CustomerFilter
from churnkit.services.campaign.campaign_text import usual_message
from churnkit.text.figures import count, day, escape_markdown, percent, short_money
from churnkit.ui.as_of import is_dated
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.customer_link import show_customers
from churnkit.ui.dashboard_parts import (
    campaign_of,
    early_warnings,
    model_table,
    new_customer_signs,
    risk_list,
    top_drivers,
)
from churnkit.ui.headline_cards import headline_cards
from churnkit.ui.months_ahead import outlook_card, year_card
from churnkit.ui.opened import reach
from churnkit.ui.since_link import link_to_changes

TRUST: Mapping[Grade, tuple[str, str, ui.Colour]] = {
    "strong": ("Good proof", ":material/verified:", "green"),
    "fair": ("Some proof", ":material/thumbs_up_down:", "orange"),
    "weak": ("Weak proof", ":material/warning:", "red"),
    "none": ("No proof yet", ":material/help:", "gray"),
}
TIER_COLUMNS = (
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

opened = ui.open_results()
results, currency = opened.results, opened.currency
evidence, horizon = results.evidence, results.horizon_days


def returning() -> str:
    """How far the threshold tells a pause from a loss."""
    share = results.summary.question.return_share
    return (
        ""
        if share is None
        else f" {percent(share)} of the customers silent for so long came back all the same."
    )


def lapsed_card() -> None:
    """Who has left already: another job, on another list."""
    lapsed = results.summary.customers.lapsed
    with st.container(border=True, height="stretch"):
        st.subheader("Lapsed customers", help=ui.term("status"), anchor=False)
        st.write(
            f"{count(lapsed.customers)} customers have bought nothing for more than {horizon} days. They are in no figure"
            " of risk here: nobody can keep who has left, only win back."
        )
        found = ui.value_or_note(evidence.winback)
        if found is not None:
            with st.grid(2, min_column_width=120, gap="small"):
                st.metric("Come back by themselves", count(found.expected_returns))
                st.metric(
                    "Worth", short_money(found.worth, currency), help=f"Within {horizon} days, after margin."
                )
            st.write(escape_markdown(found.words, 600))
        if lapsed.customers and st.button("Show them", key="show_lapsed", icon=":material/group:"):
            show_customers(CustomerFilter(statuses=("lapsed",)))


def trust_card() -> None:
    """How far to trust all this, from the shop's own past."""
    words, icon, colour = TRUST[evidence.trust.grade]
    with st.container(border=True, height="stretch"):
        st.subheader("How far to trust this", help=ui.term("backtest"), anchor=False)
        st.badge(words, icon=icon, color=colour)
        st.caption(f"{evidence.champion_title}: {evidence.champion_words}.", help=ui.term("champion"))
        for sentence in evidence.trust.sentences:
            st.markdown(f"- {escape_markdown(sentence, 500)}")


def action_card() -> None:
    """What to do, with the words to send."""
    with st.container(border=True, height="stretch"):
        st.subheader("What to do", anchor=False)
        advice = ui.value_or_note(evidence.recommended)
        if advice is None:
            return
        st.write(escape_markdown(advice.words, 1000))
        if advice.outcome.contacted:
            with st.grid(3, min_column_width=120, gap="small"):
                st.metric("Cost", short_money(advice.outcome.cost.value, currency))
                st.metric("Expected saves", count(advice.outcome.saves.value), help=ui.term("save_rate"))
                st.metric("Net", short_money(advice.outcome.net.value, currency), help=ui.term("net"))
            rests_on(opened, "dashboard")
            with st.expander("Words to send", icon=":material/mail:"):
                draft = usual_message(
                    advice.assumptions.discount, reach(opened).usual, dated=is_dated(opened)
                )
                st.text(draft.subject)
                st.text(draft.body)
        with st.container(horizontal=True, vertical_alignment="center"):
            if advice.outcome.contacted:
                campaign_of(advice.outcome.contacted)
            risk_list(opened)
            st.page_link("pages/whatif.py", label="Play with it", icon=":material/tune:")
            st.page_link("pages/customers.py", label="See the customers", icon=":material/group:")


def tiers() -> None:
    """Counts and money of the active customers by risk tier."""
    rows = evidence.tiers
    st.subheader("Risk tiers", help=ui.term("risk_tier"), anchor=False)
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
    ui.table(
        frame_of(TierFigures, rows),
        TIER_COLUMNS,
        key="tier_table",
        alt="Risk tiers compared",
        currency=currency,
    )


def drivers() -> None:
    """What sets those at high risk apart, in words with figures."""
    with st.container(border=True, height="stretch"):
        st.subheader("What sets those at risk apart", anchor=False)
        found = ui.value_or_note(evidence.drivers)
        if found is None:
            return
        for driver in found:
            st.markdown(f"- {escape_markdown(driver.words, 400)}", help=driver.figure_definition)
        st.caption("Differences between groups, not causes.")


ui.title(
    "Home",
    f"Churn here: no purchase in the {horizon} days from {day(results.cutoff)}.{returning()} Each figure says how it is"
    " known: measured, tested on this shop's past, forecast or assumed.",
)
ui.as_of(opened)
link_to_changes(opened)
ui.money_strip(results.summary.money, currency)
headline_cards(opened)
one, two = st.columns(2)
with one:
    trust_card()
with two:
    action_card()
tiers()
drivers()
top_drivers(opened)
one, two = st.columns(2)
with one:
    early_warnings(opened)
with two:
    new_customer_signs(opened)
lapsed_card()
outlook_card(opened)
year_card(opened)
model_table(opened)
for sentence in results.summary.notes:
    st.info(escape_markdown(sentence, 600), icon=":material/info:")
ui.definitions("churn", "status", "churn_rate", "value_at_risk", "risk_tier", "clv", "champion", "interval")
