"""The findings on one screen: who is about to leave, what is at stake, how far to trust it, what to do."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.charts.dashboard_charts import active_customers, outlook, tier_ring, tier_values
from churnkit.results.evidence.proof import Grade
from churnkit.results.evidence.standing_now import Estimate, TierFigures
from churnkit.results.found import Missing
from churnkit.results.rows import frame_of
from churnkit.results.segments import CustomerFilter
from churnkit.services.campaign.campaign_text import usual_message
from churnkit.text.figures import count, day, escape_markdown, money, percent, short_money
from churnkit.ui.as_of import is_dated
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.customer_link import show_customers
from churnkit.ui.opened import reach

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

YEAR_COLUMNS = (
    "year.cutoff",
    "year.days",
    "year.customers",
    "year.forecast",
    "year.actual",
    "year.ratio",
    "year.total_repeat",
    "year.mae",
    "year.mae_repeat",
    "year.inside",
)

opened = ui.open_results()
results, currency = opened.results, opened.currency
evidence, horizon = results.evidence, results.horizon_days


def span(figure: Estimate, write: Callable[[float | None], str]) -> str:
    """An interval in words, or nothing."""
    return "" if figure.low is None else f"80 %: {write(figure.low)} to {write(figure.high)}"


def returning() -> str:
    """How far the threshold tells a pause from a loss."""
    share = results.summary.question.return_share
    return (
        ""
        if share is None
        else f" {percent(share)} of the customers silent for so long came back all the same."
    )


def executive_cards() -> None:
    """Who is there, who is about to leave, what is at risk, what to do."""
    totals, rate, advice = results.summary.customers, evidence.churn_rate, evidence.recommended
    active, lapsed = totals.active, totals.lapsed
    ui.cards(
        [
            ui.Card(
                label="Active customers",
                value=count(active.customers),
                term="status",
                below=f"bought within {horizon} days before {day(results.cutoff)}; {count(lapsed.customers)} more have"
                " lapsed",
                kind="measured",
                key="card_customers",
            ),
            ui.Card(
                label="Expected to leave",
                value=count(active.expected_leavers),
                term="churn_rate",
                below=f"{percent(rate.value)} of the active, within {horizon} days. {span(rate, percent)}",
                kind="forecast" if rate.low is None else "tested",
                key="card_churn",
            ),
            risk_card(),
            ui.Card(
                label="Recommended",
                value="no advice"
                if isinstance(advice, Missing)
                else f"contact {count(advice.value.outcome.contacted)}"
                if advice.value.outcome.contacted
                else "wait",
                below="nothing is proven"
                if isinstance(advice, Missing)
                else f"expected net {short_money(advice.value.outcome.net.value, currency)}"
                if advice.value.outcome.contacted
                else "no contact is expected to pay",
                kind="forecast" if opened.assumed.money.kind("save_rate") == "measured" else "assumed",
                key="card_action",
            ),
        ]
    )


def risk_card() -> ui.Card:
    """What leaves with the leavers."""
    risk = evidence.revenue_at_risk
    if isinstance(risk, Missing):
        return ui.Card(label="Revenue at risk", value="not known", below="nothing is proven", key="card_risk")
    return ui.Card(
        label="Revenue at risk",
        value=short_money(risk.value.value, currency),
        term="value_at_risk",
        below=f"of the active, over a year. {span(risk.value, lambda value: short_money(value, currency))}",
        kind="forecast",
        key="card_risk",
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
        with st.container(horizontal=True):
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


def early_warnings() -> None:
    """Customers who moved up a tier."""
    with st.container(border=True, height="stretch"):
        st.subheader("Early warnings", anchor=False)
        moves = ui.value_or_note(evidence.warnings)
        if moves is None:
            return
        st.metric(
            f"Moved up a tier since {day(moves.cutoff_before)}",
            count(moves.moved_up),
            help="Compared with the forecast that the same method made then, without knowing what followed.",
        )
        st.write(escape_markdown(moves.words, 500))
        st.markdown(f"At risk with them: **{escape_markdown(money(moves.value_at_risk, currency))}**")
        if st.button("Show them", key="show_warnings", icon=":material/group:"):
            show_customers(CustomerFilter(moved_up=True))


def outlook_card() -> None:
    """The next months with and without action."""
    ahead = evidence.outlook
    st.subheader("Outlook", anchor=False)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        opened.chart(
            outlook, ahead.months, currency or "revenue", alt="Revenue by month", key="outlook_revenue"
        )
    with right, st.container(border=True, height="stretch"):
        opened.chart(active_customers, ahead.months, alt="Active customers by month", key="outlook_customers")
    st.write(escape_markdown(ahead.words, 1000))
    with st.expander("What this rests on"):
        for sentence in ahead.assumptions:
            st.markdown(f"- {escape_markdown(sentence, 400)}")


def year_card() -> None:
    """How the next 365 days were forecast, and how such forecasts did."""
    with st.expander("How the next 365 days were forecast", icon=":material/calendar_month:"):
        year = ui.value_or_note(results.summary.value.year)
        if year is None:
            return
        st.write(escape_markdown(year.words, 600))
        for sentence in year.notes:
            st.info(escape_markdown(sentence, 400), icon=":material/info:")
        if not year.backtests:
            ui.note("The history is too short to test such a forecast on it.")
            return
        ui.table(
            pd.DataFrame([{"ratio": one.ratio, **vars(one)} for one in year.backtests]),
            YEAR_COLUMNS,
            key="year_table",
            alt="Forecasts of the value of a year at earlier dates, and what came",
            currency=currency,
        )
        st.caption("Of all customers known at the date, lapsed ones too; before margin.")


ui.title(
    "Dashboard",
    f"Churn here: no purchase in the {horizon} days from {day(results.cutoff)}.{returning()} Each figure says how it is"
    " known: measured, tested on this shop's past, forecast or assumed.",
)
ui.as_of(opened)
ui.money_strip(results.summary.money, currency)
executive_cards()
one, two = st.columns(2)
with one:
    trust_card()
with two:
    action_card()
tiers()
drivers()
one, two = st.columns(2)
with one:
    early_warnings()
with two:
    lapsed_card()
outlook_card()
year_card()
for sentence in results.summary.notes:
    st.info(escape_markdown(sentence, 600), icon=":material/info:")
ui.definitions("churn", "status", "churn_rate", "value_at_risk", "risk_tier", "clv", "champion", "interval")
