"""One customer's own page: figures, and a view for each kind of question."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.customer_charts import waterfall
from churnkit.results.customer import Customer
from churnkit.results.found import Missing
from churnkit.services.decide.contacts import contact_words
from churnkit.services.decide.customer_themes import Theme, themes_of
from churnkit.text.figures import (
    count,
    day,
    days,
    escape_markdown,
    money,
    percent,
    points,
    signed,
    times,
)
from churnkit.text.terms import term
from churnkit.ui import keys
from churnkit.ui.customer_figures import figures_of, suggested
from churnkit.ui.customer_history import contacts_with, history
from churnkit.ui.expert_view import is_expert
from churnkit.ui.opened import Opened, scorer
from churnkit.ui.parts import chart
from churnkit.ui.second_opinion import second_opinion_view
from churnkit.ui.situation_words import words_for
from churnkit.ui.their_data import their_data

VIEWS = ("Overview", "Why", "What if", "History", "Contacts")


def customer_page(opened: Opened, found: Customer) -> None:
    """Figures, and a view for each kind of question; only the open one is drawn, as one of them loads the model."""
    figures_of(opened, found)
    view = st.segmented_control(
        "View",
        VIEWS,
        default=VIEWS[0],
        required=True,
        key=keys.CUSTOMER_VIEW,
        label_visibility="collapsed",
        bind="query-params",
    )
    if view == "Why":
        _reasons(opened, found)
    elif view == "What if":
        _changes(opened, found)
    elif view == "History":
        history(opened, found.customer_id)
    elif view == "Contacts":
        contacts_with(opened, found.customer_id)
    else:
        _overview(opened, found)


def _overview(opened: Opened, found: Customer) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        _profile(opened, found)
        _contacts(opened, found.customer_id)
    with right:
        suggested(opened, found.customer_id)
        words_for(opened, found)
    their_data(opened, found.customer_id)


def _profile(opened: Opened, found: Customer) -> None:
    """The facts in a list."""
    currency = opened.currency
    late = f" ({times(found.overdue_ratio)} that by now)" if found.overdue_ratio is not None else ""
    gap = (
        ""
        if found.gap_mean_days is None
        else f"- Usual gap between orders **{days(found.gap_mean_days)}**{late}\n"
    )
    st.markdown(
        f"- Customer since **{day(found.first_purchase_at)}**\n- Orders **{count(found.order_count)}**, on average"
        f" **{escape_markdown(money(found.mean_order_value, currency))}**\n"
        f"- Spent so far **{escape_markdown(money(found.monetary_total, currency))}**\n"
        f"{gap}"
        f"- Expected to spend within {days(opened.results.horizon_days)}"
        f" **{escape_markdown(money(found.expected_spend, currency))}**"
        f" ({escape_markdown(money(found.expected_spend_low, currency))} to"
        f" {escape_markdown(money(found.expected_spend_high, currency))})\n"
        f"- Segment **{escape_markdown(found.segment or '–')}**"
    )
    if is_expert():
        st.markdown(f"- Still a customer at all (p_alive) **{percent(found.p_alive)}**", help=term("p_alive"))


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
    st.caption(
        "Days ago count from the day on which your data end. The typical customer stands in the middle: half of your active"
        " customers have more, half have less."
    )
    themes = themes_of(opened.results, found.customer_id)
    if not themes:
        st.caption("What scored this customer is one simple rule; there is nothing to take apart.")
        return
    chart(
        waterfall(themes, opened.results.evidence.base, found.p_churn),
        f"What adds up to {percent(found.p_churn)} for this customer",
        key="waterfall",
    )
    if is_expert():
        st.caption(term("shap"))
    for theme in themes:
        _facts(theme)
    # It loads the model, so it is asked for.
    if is_expert() and st.toggle("Ask a second way (LIME)", key="second_opinion", help=term("lime")):
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
