"""Parts of Home in the expert view: early warnings, the models, the strongest drivers."""

from __future__ import annotations

import streamlit as st

from churnkit.charts import feature_charts as charts
from churnkit.results.found import Found, Missing
from churnkit.results.segments import CustomerFilter
from churnkit.services.decide.early_signs import NewCustomerSign, new_customer_sign, tier_moves
from churnkit.services.decide.model_views import leaderboard_view
from churnkit.text.figures import count, counted, day, escape_markdown, money
from churnkit.ui import keys
from churnkit.ui.customer_link import show_customers
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import value_or_note
from churnkit.ui.tables import table

TOP_DRIVERS = 10
_MODELS = 8
_MODEL_COLUMNS = (
    "model.name",
    "model.kind",
    "model.score",
    "test_roc_auc_active",
    "roc_auc_active",
    "f1",
    "recall",
    "precision",
    "model.verdict",
)


def early_warnings(opened: Opened) -> None:
    """Customers who moved up a tier."""
    with st.container(border=True, height="stretch"):
        st.header("Early warnings", anchor=False)
        moves = value_or_note(opened.results.evidence.warnings)
        if moves is None:
            return
        st.metric(
            f"Moved up a tier since {day(moves.cutoff_before)}",
            count(moves.moved_up),
            help="Compared with the forecast that the same method made then, without knowing what followed.",
        )
        st.write(escape_markdown(moves.words, 500))
        steps = tier_moves(opened.results)
        if steps:
            told = ", ".join(f"{before} → {now} **{count(number)}**" for before, now, number in steps)
            st.markdown(f"By step: {told}")
        st.markdown(f"At risk with them: **{escape_markdown(money(moves.value_at_risk, opened.currency))}**")
        if st.button("Show them", key="show_warnings", icon=":material/group:"):
            show_customers(CustomerFilter(moved_up=True))


def new_customer_signs(opened: Opened) -> None:
    """New customers who may not come back."""
    with st.container(border=True, height="stretch"):
        st.header("New customers: early signs", anchor=False)
        found = value_or_note(_sign(opened.results.source, folder_stamp(opened.results.folder), opened))
        if found is None:
            return
        st.metric(
            "Ordered once and silent",
            f"{count(found.showing_now)} of {count(found.new_now)}",
            help="Of the customers whose first order is no older than a quarter. The time to write is now: who has not"
            " ordered a second time is the easiest to lose.",
        )
        st.write(escape_markdown(found.words(), 600))
        if found.value_at_risk is not None:
            st.markdown(
                f"At risk with them: **{escape_markdown(money(found.value_at_risk, opened.currency))}**"
            )
        if found.showing_now and st.button("Show them", key="show_new_signs", icon=":material/group:"):
            show_customers(found.filter)


@st.cache_resource(max_entries=8, show_spinner=False)
def _sign(source: str, stamp: int, _opened: Opened) -> Found[NewCustomerSign] | Missing:
    return new_customer_sign(_opened.results)


def top_drivers(opened: Opened) -> None:
    """The ten features with the largest pushes, and the way to each."""
    evidence = opened.results.evidence
    with st.container(border=True):
        st.header(f"Top {TOP_DRIVERS} drivers of the forecast", anchor=False)
        rows = [row for row in evidence.importance if row.mean_absolute_log_odds > 0][:TOP_DRIVERS]
        if not rows:
            st.write("Everybody gets the same probability, so nothing drives it.")
            return
        opened.chart(charts.importance, rows, alt="Features by mean push", key="top_drivers")
        st.caption(
            "How much each moves the forecast on average. Red: higher values go with leaving; blue: with staying; grey: no"
            " one direction. They explain the model, not the world."
        )
        shown = {one.feature for one in evidence.dependence}
        shown |= {one.feature for one in evidence.partial_dependence}
        labels = {row.feature: row.label for row in rows if row.feature in shown}
        if not labels:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.selectbox(
                "Look at one",
                list(labels),
                format_func=labels.__getitem__,
                key="driver_choice",
                bind="query-params",
                width=420,
            )
            if st.button("Customer by customer", key="driver_show", icon=":material/search:"):
                st.session_state[keys.MODELS_TAB] = "What it looks at"
                st.session_state[keys.ONE_FEATURE] = name
                st.switch_page("pages/models.py")


def model_table(opened: Opened) -> None:
    """Who competed, the champion first."""
    board = leaderboard_view(opened.results)
    if board.empty:
        return
    with st.container(border=True):
        st.header("Models", anchor=False)
        table(
            board.head(_MODELS),
            _MODEL_COLUMNS,
            key="dashboard_models",
            alt="Models and simple rules, champion first",
        )
        rest = len(board) - _MODELS
        more = f" {counted(rest, 'more')} stand there." if rest > 0 else ""
        st.caption(
            "★ is the champion, which scores the customers. Figures with intervals are on Models." + more
        )
        st.page_link("pages/models.py", label="All models", icon=":material/emoji_events:")
