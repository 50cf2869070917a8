"""Any two groups of customers, figure by figure."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.charts.segment_charts import comparison as comparison_chart
from churnkit.errors import ChurnkitError
from churnkit.services.decide.segment_views import GROUPINGS, compared, group_names
from churnkit.text.figures import count, escape_markdown
from churnkit.ui.parts import chart, note, show_error
from churnkit.ui.tables import table


def compare_groups(customers: pd.DataFrame) -> None:
    """Two groups of the reader's choice; ``customers`` from ``grouped_customers``."""
    known = [by for by in GROUPINGS if by in customers.columns and len(group_names(customers, by)) > 1]
    if not known:
        note("All customers are in one group, so there is nothing to compare.")
        return
    with st.container(horizontal=True):
        by = st.selectbox(
            "Groups by", known, format_func=lambda v: GROUPINGS[v][0], key="compare_by", width=200
        )
        names = group_names(customers, by)
        first = st.selectbox("First", names, key=f"compare_first_{by}", width=260)
        second = st.selectbox("Second", names, index=1, key=f"compare_second_{by}", width=260)
    try:
        found = compared(customers, by, first, second)
    except ChurnkitError as error:
        show_error(error)
        return
    sure = found[found["verdict"] == "more than chance"]
    st.markdown(
        f"**{count(len(sure))}** of {count(found['p_value'].notna().sum())} figures differ by more than chance between"
        f" {escape_markdown(first)} ({count(found['customers_a'].max())}) and {escape_markdown(second)}"
        f" ({count(found['customers_b'].max())}).",
        help="Welch's test for shares, Mann and Whitney's by ranks for the others; corrected by Holm, so that among all of"
        " them even one false alarm has a chance of 5 % at most. Figures that the groups were made by differ by definition.",
    )
    with st.container(border=True):
        chart(
            comparison_chart(found, first, second),
            f"How often a member of {first} lies above one of {second}",
            key="compare_chart",
        )
    table(
        found,
        (
            "compared.label",
            "compared.verdict",
            "mean_a",
            "mean_b",
            "median_a",
            "median_b",
            "p_above",
            "p_holm",
            "compared.test",
        ),
        key="compare_table",
        alt=f"{first} against {second} on every figure",
        titles={
            "mean_a": f"Mean, {first}",
            "mean_b": f"Mean, {second}",
            "median_a": f"Median, {first}",
            "median_b": f"Median, {second}",
        },
    )
