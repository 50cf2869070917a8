"""The months and the year ahead, and how such forecasts did at earlier dates."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.charts.dashboard_charts import active_customers, churn_path, cumulative_loss, outlook
from churnkit.results.folders import Results
from churnkit.results.loss_path import LossPath
from churnkit.services.decide.loss_path import loss_path
from churnkit.text.figures import escape_markdown
from churnkit.text.terms import term
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded, note, value_or_note
from churnkit.ui.tables import table

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


def outlook_card(opened: Opened) -> None:
    """The next months with and without action."""
    ahead, currency = opened.results.evidence.outlook, opened.currency
    st.header("Outlook", anchor=False)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        opened.chart(outlook, ahead.months, currency, alt="Revenue by month", key="outlook_revenue")
    with right, st.container(border=True, height="stretch"):
        opened.chart(active_customers, ahead.months, alt="Active customers by month", key="outlook_customers")
    st.write(escape_markdown(ahead.words, 1000))
    _loss(opened)
    with st.expander("What this rests on"):
        for sentence in ahead.assumptions:
            st.markdown(f"- {escape_markdown(sentence, 400)}")


def _loss(opened: Opened) -> None:
    """The churn rate month by month, and what is lost with those who leave."""
    with guarded():
        path = _loss_path(opened.results.source, opened.results.folder.stat().st_mtime_ns, opened.results)
        left, right = st.columns(2)
        with left, st.container(border=True, height="stretch"):
            st.markdown("**Churn rate of today's active customers**")
            opened.chart(churn_path, path.months, alt="Churn rate by month", key="outlook_churn_rate")
        with right, st.container(border=True, height="stretch"):
            st.markdown("**Lost with those who leave, added up**", help=term("value_at_risk"))
            if path.no_money is None:
                opened.chart(
                    cumulative_loss,
                    path.months,
                    opened.currency,
                    alt="Cumulative loss by month",
                    key="outlook_loss",
                )
            else:
                note(path.no_money)
        st.write(escape_markdown(" ".join(path.words), 1200))


@st.cache_resource(max_entries=8, show_spinner=False)
def _loss_path(source: str, stamp: int, _results: Results) -> LossPath:
    """Worked out once for everybody who looks at the run."""
    return loss_path(_results)


def year_card(opened: Opened) -> None:
    """How the next 365 days were forecast, and how such forecasts did."""
    with st.expander("How the next 365 days were forecast", icon=":material/calendar_month:"):
        year = value_or_note(opened.results.summary.value.year)
        if year is None:
            return
        st.write(escape_markdown(year.words, 600))
        for sentence in year.notes:
            st.info(escape_markdown(sentence, 400), icon=":material/info:")
        if not year.backtests:
            note("The history is too short to test such a forecast on it.")
            return
        table(
            pd.DataFrame([{"ratio": one.ratio, **vars(one)} for one in year.backtests]),
            YEAR_COLUMNS,
            key="year_table",
            alt="Forecasts of the value of a year at earlier dates, and what came",
            currency=opened.currency,
        )
        st.caption("Of all customers known at the date, lapsed ones too; before margin.")
