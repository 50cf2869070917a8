"""Customers by the time of their first purchase: who came back, and what they brought."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.charts.cohort_charts import curves_chart
from churnkit.cohorts import MEASURES
from churnkit.services.decide.cohort_views import (
    SHOWN_COHORTS,
    CohortView,
    Wanted,
    beginnings,
    cohort_view,
    cohorts_of,
    named,
    periods,
)
from churnkit.text.figures import count, counted, escape_markdown, percent
from churnkit.ui.cohort_table import show_cohorts

opened = ui.open_results()
results, currency = opened.results, opened.currency
NAMES = {measure.name: measure.label for measure in MEASURES}

ui.title(
    "By first purchase",
    "Customers by when they first bought: how many came back, and what they brought since.",
)
table = results.cohorts
if table is None:
    ui.empty("Nothing here yet", "This analysis was made before this page was. Start it again to get it.")
    st.stop()
if table.empty:
    ui.empty("No month is over yet", "This needs at least one full calendar month of purchases.")
    st.stop()


def asked(table: pd.DataFrame) -> Wanted:
    """What the visitor chose above the triangle."""
    known = periods(table)
    with st.container(horizontal=True):
        measure = _choice("Show", list(NAMES), NAMES.__getitem__, "cohort_measure", 250)
        # Runs of earlier versions know the months alone.
        period = _choice("By", known, str, "cohort_period", 120) if len(known) > 1 else known[0]
        cohorts = cohorts_of(table, period)
        write = {cohort: named(cohort, period) for cohort in cohorts}
        first = _choice("First bought from", cohorts, write.__getitem__, f"cohort_from_{period}", 150)
        rest = [cohort for cohort in cohorts if cohort >= first][::-1]
        last = _choice("Until", rest, write.__getitem__, f"cohort_until_{period}", 150)
        words = beginnings(table)
        began_with = _choice("Began with", list(words), words.__getitem__, "cohort_item", 320)
    return Wanted(
        measure=measure,
        period=period,
        began_with=began_with,
        first=first,
        last=last,
        margin=opened.assumed.money.margin,
    )


def _choice(label: str, options: Sequence[str], write: Callable[[str], str], key: str, width: int) -> str:
    return st.selectbox(
        label,
        options,
        format_func=write,
        key=key,
        width=width,
        bind="query-params",
    )


def figures_of(view: CohortView) -> None:
    """Everybody together after some periods."""
    if view.average is None or not view.told:
        return
    ui.cards(
        [
            ui.Card(
                label=f"After {counted(age, view.period)}",
                value=view.write(view.average[age], currency),
                below=f"customers of {counted(int(view.table[age].notna().sum()), view.period)}",
                key=f"cohort_card_{age}",
            )
            for age in view.told
        ]
    )


with ui.guarded():
    view = cohort_view(table, asked(table))
    st.caption(escape_markdown(view.measure.definition.format(period=view.period), 500))
    if view.measure.after_margin:
        kind = opened.assumed.money.kind("margin")
        ui.note(f"Your margin: {percent(opened.assumed.money.margin)} ({kind}).")
    figures_of(view)
    with st.container(border=True):
        show_cohorts(view, currency)
    ui.note(view.words)
    if len(view.table) > SHOWN_COHORTS:
        ui.note(
            f"The latest {count(SHOWN_COHORTS)} of {count(len(view.table))} {view.period}s; the file below has all."
        )
    if view.average is not None and len(view.average) > 1:
        with st.container(border=True):
            ui.chart(
                curves_chart(view, currency),
                view.finding(currency) or view.measure.label,
                key="cohort_curves",
            )
    ui.download(
        "This table as CSV",
        lambda: ui.csv_bytes(view.table.reset_index()),
        "by_first_purchase.csv",
        "text/csv",
        key="cohorts_csv",
    )
