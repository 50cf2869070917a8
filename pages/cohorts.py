"""Customers by the month of their first purchase: who came back, and what they brought."""

import streamlit as st

from churnkit import ui
from churnkit.charts.cohort_charts import curves_chart, triangle_chart
from churnkit.cohorts import MEASURES
from churnkit.services.decide.cohort_views import DIMENSIONS, EVERYBODY, cohort_view, dimensions, items
from churnkit.text.figures import count, escape_markdown, percent, short_money

opened = ui.open_results()
results, currency = opened.results, opened.currency
NAMES = {measure.name: measure.label for measure in MEASURES}

ui.title(
    "By first purchase",
    "Customers by the month of their first purchase: who came back, and what they brought.",
)
table = results.cohorts
if table is None:
    ui.empty("No cohorts yet", "This analysis was made before there were any. Start it again to get them.")
    st.stop()
if table.empty:
    ui.empty("No month is over yet", "Cohorts need at least one full calendar month of purchases.")
    st.stop()
with st.container(horizontal=True):
    measure = st.selectbox(
        "Show", list(NAMES), format_func=NAMES.__getitem__, key="cohort_measure", width=260
    )
    known = dimensions(table)
    dimension = st.selectbox(
        "Customers",
        known,
        format_func=lambda v: f"by {DIMENSIONS[v]}" if v != EVERYBODY else DIMENSIONS[v],
        key="cohort_dimension",
        width=200,
        disabled=len(known) == 1,
        help="The item on which most money went in the first order.",
    )
    item = ""
    if dimension != EVERYBODY:
        choices = items(table, dimension)
        item = st.selectbox(
            "Who began with",
            list(choices),
            format_func=choices.__getitem__,
            key=f"cohort_item_{dimension}",
            width=320,
        )
with ui.guarded():
    view = cohort_view(table, measure, dimension, item)
    st.caption(view.measure.definition)
    if view.average is not None and len(view.average) > 1:
        money = view.measure.kind == "money"
        write = (lambda v: short_money(v, currency)) if money else percent
        later = [age for age in (1, 3, 6, 12) if age in view.average.index]
        ui.cards(
            [
                ui.Card(
                    label=f"After {age} {'month' if age == 1 else 'months'}",
                    value=write(view.average[age]),
                    below=f"{view.measure.label.lower()}, {count(view.table[age].notna().sum())} cohorts",
                    key=f"cohort_card_{age}",
                )
                for age in later
            ]
        )
    with st.container(border=True):
        ui.chart(
            triangle_chart(view.table, view.measure.kind, view.measure.label, view.sizes, currency),
            f"{view.measure.label} by month of the first purchase and months since",
            key="cohort_triangle",
        )
    st.caption(escape_markdown(view.words, 500))
    if view.average is not None:
        with st.container(border=True):
            ui.chart(
                curves_chart(view.table, view.average, view.measure.kind, view.measure.label, currency),
                f"{view.measure.label} by months since the first purchase, last cohorts and all together",
                key="cohort_curves",
            )
    ui.download(
        "This triangle as CSV",
        lambda: ui.csv_bytes(view.table.reset_index()),
        "cohorts.csv",
        "text/csv",
        key="cohorts_csv",
    )
