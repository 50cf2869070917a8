"""One customer's own page: figures, and a tab for each kind of question."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.customer_charts import purchases, waterfall
from churnkit.results.customer import Customer
from churnkit.results.found import Missing
from churnkit.services.decide.contacts import contact_words
from churnkit.services.decide.customer_list import customer, orders_of
from churnkit.services.decide.customer_themes import Theme, themes_of
from churnkit.text.columns import column
from churnkit.text.figures import (
    count,
    day,
    days,
    escape_markdown,
    money,
    percent,
    points,
    short_money,
    signed,
    times,
)
from churnkit.text.terms import term
from churnkit.ui.opened import Opened, scorer
from churnkit.ui.parts import Card, cards, chart
from churnkit.ui.second_opinion import second_opinion_view
from churnkit.ui.situation_words import words_for
from churnkit.ui.tables import table
from churnkit.ui.their_data import their_data


def customer_page(opened: Opened, customer_id: str) -> None:
    """Figures, and a tab for each kind of question."""
    found = customer(opened.store, opened.results, customer_id)
    if found is None:
        st.write("This customer is not in the analysis.")
        return
    st.markdown(f"## {escape_markdown(customer_id, 80)}")
    _figures(opened, found)
    # Only the open tab is drawn: the third loads the model.
    about, why, what_if, history = st.tabs(
        ["Profile", "Why", "What if", "Purchases"], on_change="rerun", key="customer_tabs"
    )
    if about.open:
        with about:
            _profile(opened, found)
            _contacts(opened, customer_id)
            words_for(opened, found)
            their_data(opened, customer_id)
    if why.open:
        with why:
            _reasons(opened, found)
    if what_if.open:
        with what_if:
            _changes(opened, found)
    if history.open:
        with history:
            _purchases_of(opened, customer_id)


def _figures(opened: Opened, found: Customer) -> None:
    """Probability, value, last purchase."""
    currency = opened.currency
    cards(
        [
            Card(
                value=percent(found.p_churn),
                term="p_churn",
                below=f"{found.risk_tier} risk, within {days(opened.results.horizon_days)}",
            ),
            Card(
                label=column("clv").title,
                value=short_money(found.clv, currency),
                term="clv",
                below=f"{short_money(found.clv_if_kept, currency)} if they buy again",
            ),
            Card(
                label=column("last_purchase_at").title,
                value=day(found.last_purchase_at),
                below=f"{days(found.recency_days)} ago",
            ),
        ]
    )
    st.progress(float(found.p_churn), text="Probability of no further purchase within the threshold")
    if found.p_churn_if_bought is not None:
        st.markdown(
            f":material/shopping_bag: If this customer bought today: **{percent(found.p_churn)} →"
            f" {percent(found.p_churn_if_bought)}**",
            help="What the model would say after one more order of the usual size. The model's answer to other inputs,"
            " not proof that making them buy causes it.",
        )


def _profile(opened: Opened, found: Customer) -> None:
    """The facts in two columns."""
    left, right = st.columns(2)
    left.markdown(
        f"- Customer since **{day(found.first_purchase_at)}**\n- Orders **{count(found.order_count)}**\n"
        f"- Mean order **{money(found.mean_order_value, opened.currency)}**\n"
        f"- Spent so far **{money(found.monetary_total, opened.currency)}**"
    )
    late = f" ({times(found.overdue_ratio)} that by now)" if found.overdue_ratio is not None else ""
    right.markdown(
        f"- Segment **{escape_markdown(found.segment or '–')}**\n"
        f"- Usual gap **{days(found.gap_mean_days)}**{late}\n"
        f"- Expected within {days(opened.results.horizon_days)} **{money(found.expected_spend, opened.currency)}**"
        f" ({money(found.expected_spend_low, opened.currency)} to {money(found.expected_spend_high, opened.currency)})\n"
        f"- Still a customer at all (p_alive) **{percent(found.p_alive)}**",
        help=term("p_alive"),
    )


def _contacts(opened: Opened, customer_id: str) -> None:
    """How to reach the customer, where the shop's file says it."""
    words = contact_words(opened.results.contacts, customer_id)
    if words:
        st.markdown("**From your file**")
        st.markdown("\n".join(f"- {title} **{escape_markdown(value, 200)}**" for title, value in words))


def _reasons(opened: Opened, found: Customer) -> None:
    """Sentences, and the waterfall that adds up."""
    for number, text in enumerate(found.reasons, start=1):
        st.markdown(f"{number}. {escape_markdown(text, 300)}")
    st.caption("Days ago count from the scoring date. The typical customer is the median of the active ones.")
    themes = themes_of(opened.results, found.customer_id)
    if not themes:
        st.caption("What scored this customer is one simple rule; there is nothing to take apart.")
        return
    chart(
        waterfall(themes, opened.results.evidence.base, found.p_churn),
        f"What adds up to {percent(found.p_churn)} for this customer",
        key="waterfall",
    )
    st.caption(term("shap"))
    for theme in themes:
        _facts(theme)
    # It loads the model, so it is asked for.
    if st.toggle("Ask a second way (LIME)", key="second_opinion", help=term("lime")):
        second_opinion_view(opened, found.customer_id)


def _facts(theme: Theme) -> None:
    """A theme that opens into its facts."""
    with st.expander(f"**{theme.label}**: {theme.words}", key=f"theme_{theme.label}"):
        lines = []
        for fact in theme.facts:
            own, typical = (escape_markdown(text, 80) for text in (fact.own, fact.typical))
            lines.append(
                f"- {escape_markdown(fact.fact)}: **{own}** (typical {typical}) · {signed(fact.push)}"
            )
        st.markdown("\n".join(lines))


def _changes(opened: Opened, found: Customer) -> None:
    """Features that a shop can influence, editable."""
    editable = opened.results.evidence.controllable
    model = scorer(opened)
    if model is None or isinstance(editable, Missing):
        st.write("Simple rules scored this shop's customers: they look at the last purchase only.")
        return
    st.caption(
        "Change what a shop can influence and see what the model would say. It is the model's answer to other inputs:"
        " only an experiment shows what causes what."
    )
    row = opened.results.scored_row(found.customer_id)
    wanted = {}
    with st.grid(2, min_column_width=240, gap="small"):
        for slider in editable.value:
            now = row[slider.feature].iloc[0]
            value = st.number_input(
                slider.label,
                value=float(now) if now == now else None,
                step=slider.step,
                min_value=float(min(slider.low, now)) if now == now else slider.low,
                max_value=float(max(slider.high, now)) if now == now else slider.high,
                key=f"change_{found.customer_id}_{slider.feature}",
            )
            if value is not None and value != now:
                wanted[slider.feature] = value
    before, after = model.p(found.customer_id, wanted)
    st.metric(
        "Churn probability with these values",
        percent(after),
        f"{points(after - before)} points" if wanted else None,
        delta_color="inverse",
        delta_description=f"from {percent(before)}",
    )


def _purchases_of(opened: Opened, customer_id: str) -> None:
    """Timeline and table of orders."""
    orders = orders_of(opened.store, opened.results, customer_id)
    chart(purchases(orders, opened.currency or "amount"), "Orders over time", key="customer_orders")
    table(
        orders,
        ("order.ordered_at", "order.order_id", "order.lines", "order.amount"),
        key="customer_order_table",
        alt="Orders, newest first",
        currency=opened.currency,
        height=240,
    )
