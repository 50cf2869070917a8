"""Any two groups of customers, figure by figure."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.charts.segment_charts import comparison as comparison_chart
from churnkit.errors import ChurnkitError
from churnkit.services.decide.segment_views import GROUPINGS, compared, group_names
from churnkit.text.figures import count, escape_markdown
from churnkit.ui.parts import chart, note, show_error

_number = st.column_config.NumberColumn


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
        table = compared(customers, by, first, second)
    except ChurnkitError as error:
        show_error(error)
        return
    sure = table[table["verdict"] == "more than chance"]
    st.markdown(
        f"**{count(len(sure))}** of {count(table['p_value'].notna().sum())} figures differ by more than chance between"
        f" {escape_markdown(first)} ({count(table['customers_a'].max())}) and {escape_markdown(second)}"
        f" ({count(table['customers_b'].max())}).",
        help="Welch's test for shares, Mann and Whitney's by ranks for the others; corrected by Holm, so that among all of"
        " them even one false alarm has a chance of 5 % at most. Figures that the groups were made by differ by definition.",
    )
    with st.container(border=True):
        chart(
            comparison_chart(table, first, second),
            f"How often a member of {first} lies above one of {second}",
            key="compare_chart",
        )
    st.dataframe(
        table,
        hide_index=True,
        key="compare_table",
        alt=f"{first} against {second} on every figure",
        column_order=[
            "label",
            "verdict",
            "mean_a",
            "mean_b",
            "median_a",
            "median_b",
            "p_above",
            "p_holm",
            "test",
        ],
        column_config={
            "label": st.column_config.TextColumn("Figure", pinned=True),
            "verdict": "Difference",
            "mean_a": _number(f"Mean, {first}", format="%.2f"),
            "mean_b": _number(f"Mean, {second}", format="%.2f"),
            "median_a": _number(f"Median, {first}", format="%.2f"),
            "median_b": _number(f"Median, {second}", format="%.2f"),
            "p_above": _number(
                "First above second", format="percent", help="Share of pairs; 50 % is no difference."
            ),
            "p_holm": _number("p, corrected", format="%.4f"),
            "test": "Test",
        },
    )
