"""Any two groups of customers, figure by figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from churnkit.charts.segment_charts import comparison as comparison_chart
from churnkit.errors import ChurnkitError
from churnkit.results.group_panels import GroupPanel
from churnkit.results.rows import rows_of
from churnkit.results.segments import GroupFigures
from churnkit.segments import describe_groups
from churnkit.services.decide.comparison_words import written_comparison
from churnkit.services.decide.segment_views import GROUPINGS, compared, group_names
from churnkit.text.figures import count, escape_markdown, percent, short_money
from churnkit.ui.expert_view import is_expert
from churnkit.ui.parts import chart, csv_bytes, download, note, show_error
from churnkit.ui.tables import table


def compare_groups(
    customers: pd.DataFrame, currency: str | None, panels: Callable[[str], Sequence[GroupPanel]]
) -> None:
    """Two groups of the reader's choice side by side, and every figure with a test of its difference.

    Parameters
    ----------
    customers
        What ``grouped_customers`` returns.
    panels
        By kind of grouping, the groups' panels; none for kinds without.
    """
    known = [by for by in GROUPINGS if by in customers.columns and len(group_names(customers, by)) > 1]
    if not known:
        note("All customers are in one group, so there is nothing to compare.")
        return
    with st.container(horizontal=True):
        by = st.selectbox(
            "Groups by",
            known,
            format_func=lambda v: GROUPINGS[v][0],
            key="compare_by",
            bind="query-params",
            width=200,
        )
        names = group_names(customers, by)
        first = st.selectbox("First", names, key=f"compare_first_{by}", bind="query-params", width=260)
        second = st.selectbox(
            "Second", names, index=1, key=f"compare_second_{by}", bind="query-params", width=260
        )
    try:
        found = compared(customers, by, first, second)
    except ChurnkitError as error:
        show_error(error)
        return
    _side_by_side(customers, by, (first, second), currency, panels(by))
    _differences(found, first, second, currency)


def _differences(found: pd.DataFrame, first: str, second: str, currency: str | None) -> None:
    """How many figures differ, by how much, and the test of each."""
    sure = found[found["verdict"] == "more than chance"]
    st.markdown(
        f"**{count(len(sure))}** of {count(found['p_value'].notna().sum())} figures differ by more than chance between"
        f" {escape_markdown(first)} ({count(found['customers_a'].max())}) and {escape_markdown(second)}"
        f" ({count(found['customers_b'].max())}).",
        help="Of all their customers, the lapsed too. Among all figures together even one false alarm has a chance of 5 % at"
        " most. Figures that the groups were made by differ by definition."
        + (
            " Welch's test for shares, Mann and Whitney's by ranks for the others; corrected by Holm."
            if is_expert()
            else ""
        ),
    )
    with st.container(border=True):
        chart(
            comparison_chart(found, first, second),
            f"How often a member of {first} lies above one of {second}",
            key="compare_chart",
        )
    table(
        written_comparison(found, currency),
        (
            "compared.label",
            "compared.verdict",
            "compared.mean_a",
            "compared.mean_b",
            "compared.apart",
            "compared.median_a",
            "compared.median_b",
            *(("p_above", "p_holm", "compared.test") if is_expert() else ()),
        ),
        key="compare_table",
        alt=f"{first} against {second} on every figure",
        titles={
            "compared.mean_a": f"Mean, {first}",
            "compared.mean_b": f"Mean, {second}",
            "compared.median_a": f"Median, {first}",
            "compared.median_b": f"Median, {second}",
        },
    )
    download(
        "This comparison as CSV", lambda: csv_bytes(found), "comparison.csv", "text/csv", key="compare_csv"
    )


def _side_by_side(
    customers: pd.DataFrame,
    by: str,
    names: tuple[str, str],
    currency: str | None,
    panels: Sequence[GroupPanel],
) -> None:
    """Each group's figures, and where there is a panel what drives it and what to do."""
    known = {panel.group: panel for panel in panels}
    figures_of = {one.group: one for one in rows_of(GroupFigures, describe_groups(customers, customers[by]))}
    for column, name in zip(st.columns(2), names, strict=True):
        row = figures_of[name]
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{escape_markdown(name)}**")
            with st.container(horizontal=True):
                st.metric("Customers", count(row.customers), width="content")
                st.metric("Value of a year", short_money(row.clv, currency), width="content")
                st.metric("Value at risk", short_money(row.value_at_risk, currency), width="content")
            st.caption(
                f"{percent(row.share)} of the customers, {percent(row.clv_share)} of the value,"
                f" {percent(row.value_at_risk_share)} of what is at risk; {count(row.active)} active,"
                f" {percent(row.mean_p_churn)} of them likely to leave"
            )
            if name in known:
                st.write(escape_markdown(known[name].words[1], 600))
                st.write(escape_markdown(known[name].action, 400))
