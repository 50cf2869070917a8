"""Who the customers are in groups: RFM segments and where they move, found groups, risk against value, any two compared."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.charts import segment_charts as charts
from churnkit.errors import ChurnkitError
from churnkit.results.folders import Results
from churnkit.segments import NOT_YET, SEGMENTS, RfmBands
from churnkit.services.decide.customer_list import CustomerFilter
from churnkit.services.decide.segment_views import (
    GROUPINGS,
    Rfm,
    compared,
    group_names,
    grouped_customers,
    rfm,
    save_bands,
    saved_bands,
)
from churnkit.text.figures import count, day, escape_markdown, percent
from churnkit.ui.customer_link import show_customers

TABS = ("Segments", "Movement", "Found groups", "Risk and value", "Compare")
LIMITS = {
    "recency_days": ("Days since the last purchase, at most", "for score {}", (5, 4, 3, 2)),
    "order_count": ("Orders, at least", "for score {}", (2, 3, 4, 5)),
    "monetary_total": ("Spent so far, at least", "for score {}", (2, 3, 4, 5)),
}
GRID_MEASURES = {"customers": "customers", "value_at_risk": "value at risk"}
OLDER = "This analysis was made before there were {}. Start it again to get them."

opened = ui.open_results()
results, currency = opened.results, opened.currency
store, session_id = opened.workspace.store, opened.session.session_id
number = st.column_config.NumberColumn


@st.cache_resource(max_entries=8, show_spinner=False)
def segments_of(folder: str, stamp: int, bands: RfmBands | None, _results: Results) -> Rfm:
    """The run's segments by these bands, worked out once for everybody who looks at it."""
    return rfm(_results, bands)


@st.cache_resource(max_entries=4, show_spinner=False)
def groups_of(
    folder: str, stamp: int, bands: RfmBands | None, _results: Results, _segments: Rfm
) -> pd.DataFrame:
    """The run's customers with the groups that they are in."""
    return grouped_customers(_results, _segments.segment)


bands = saved_bands(store, session_id)
run = str(results.folder), results.folder.stat().st_mtime_ns
view = segments_of(*run, bands, results)


def group_table(
    table: pd.DataFrame, *, key: str, name: str, more: dict[str, Any] | None = None, **options: Any
) -> list[int]:
    """A table of groups; the rows that were clicked."""
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        **options,
        alt=f"{name}: counts, value and risk",
        column_order=[
            "group",
            "stability",
            "about",
            "customers",
            "share",
            "mean_p_churn",
            "expected_leavers",
            "clv",
            "clv_share",
            "value_at_risk",
            "value_at_risk_share",
            "mean_order_value",
            "median_recency_days",
            "median_order_count",
        ],
        column_config={
            "group": st.column_config.TextColumn(name, pinned=True),
            "about": st.column_config.TextColumn("Who they are", width="medium"),
            "customers": number("Customers", format="localized"),
            "share": number("Share", format="percent"),
            "mean_p_churn": number("Churn probability", format="percent", help=ui.term("p_churn")),
            "expected_leavers": number("Expected to leave", format="%.0f"),
            "clv": number("Value of a year", format="accounting", help=ui.term("clv")),
            "clv_share": number("Share of value", format="percent"),
            "value_at_risk": number("Value at risk", format="accounting", help=ui.term("value_at_risk")),
            "value_at_risk_share": number("Share of risk", format="percent"),
            "mean_order_value": number("Mean order", format="accounting"),
            "median_recency_days": number(
                "Days since purchase", format="%.0f", help="Of half of them, or fewer."
            ),
            "median_order_count": number("Orders", format="%.0f", help="Of half of them, or more."),
            **(more or {}),
        },
    )
    return event.selection.rows if options else []


def rfm_segments() -> None:
    """Counts, value and risk by segment; the bands."""
    groups = view.groups.assign(about=view.groups["group"].map(SEGMENTS))
    with st.container(border=True):
        ui.chart(
            charts.group_shares(view.groups),
            "Each segment's share of customers, of the value of a year and of the value at risk",
            key="segment_shares",
        )
    picked = group_table(
        groups, key="segment_table", name="Segment", on_select="rerun", selection_mode="single-row"
    )
    name = groups["group"].iloc[picked[0]] if picked else None
    with st.container(horizontal=True):
        asked = st.button(
            f"Show {name}" if name else "Choose a row to see its customers",
            key="segment_show",
            icon=":material/group:",
            disabled=name is None or bands is not None,
            help="Lists know the shop's own fifths only." if bands is not None else None,
        )
        if asked and name is not None:
            show_customers(CustomerFilter(segments=(name,)))
        ui.download(
            "Segments as CSV", lambda: ui.csv_bytes(groups), "segments.csv", "text/csv", key="segments_csv"
        )
    edit_bands()


def edit_bands() -> None:
    """The limits between the scores."""
    with st.expander("Limits between the scores", icon=":material/straighten:", expanded=bands is not None):
        st.caption(
            "By default these are the fifths of the shop's own customers. Whole segments follow from them; predictions do"
            " not. An empty limit means that nobody gets that score."
        )
        with st.form("bands", border=False):
            wanted = {}
            for name, (title, template, scores) in LIMITS.items():
                st.markdown(f"**{title}**")
                columns = st.columns(4)
                wanted[name] = [
                    column.number_input(
                        template.format(score),
                        value=None if limit in (-1.0, math.inf) else limit,
                        min_value=0.0 if name == "recency_days" else None,
                        key=f"band_{name}_{score}",
                        placeholder="nobody",
                    )
                    for column, score, limit in zip(columns, scores, getattr(view.bands, name), strict=True)
                ]
            apply = st.form_submit_button("Use these limits", key="bands_apply", icon=":material/check:")
        if apply:
            nobody = {"recency_days": -1.0, "order_count": math.inf, "monetary_total": math.inf}
            with ui.guarded():
                limits = {
                    name: tuple(nobody[name] if value is None else float(value) for value in values)
                    for name, values in wanted.items()
                }
                save_bands(store, session_id, RfmBands(**limits))
                st.rerun()
        if bands is not None and st.button(
            "Back to the shop's own fifths", key="bands_reset", icon=":material/undo:"
        ):
            save_bands(store, session_id, None)
            for name, (_, _, scores) in LIMITS.items():
                for score in scores:
                    st.session_state.pop(f"band_{name}_{score}", None)
            st.rerun()


def moves() -> None:
    """Where customers went since one threshold ago."""
    if view.flows is None:
        ui.note(
            "The history has no date one threshold before the last one, so nobody's movement can be seen."
        )
        return
    before, now = day(view.cutoff_before), day(results.cutoff)
    st.caption(
        f"From {before} to {now}. Bands are as wide as customers are many and coloured by where they arrive; each date has"
        " its own fifths" + ("." if bands is None else ", but yours are the same at both.")
    )
    with st.container(border=True):
        ui.chart(
            charts.flow_chart(view.flows, [*SEGMENTS, NOT_YET], before, now, currency),
            f"Customers by segment on {before} and on {now}",
            key="flow_chart",
        )
    st.dataframe(
        view.flows,
        hide_index=True,
        height=320,
        key="flow_table",
        alt="Flows between segments, largest first",
        column_config={
            "from_segment": st.column_config.TextColumn("From", pinned=True),
            "to_segment": st.column_config.TextColumn("To", pinned=True),
            "customers": number("Customers", format="%.0f"),
            "share_of_from": number("Of those who began there", format="percent"),
            "spend_between": number("Spent in between", format="accounting"),
            "clv": number("Value of a year now", format="accounting", help=ui.term("clv")),
            "value_at_risk": number("Value at risk now", format="accounting", help=ui.term("value_at_risk")),
        },
    )


def found_groups() -> None:
    """K-Means: groups, how sharp, how stable."""
    told = results.segments
    if told is None or told["clusters"] is None:
        ui.note(OLDER.format("found groups") if told is None else told["missing"]["clusters"])
        return
    found = told["clusters"]
    st.write(escape_markdown(found["words"], 800))
    labels = ", ".join(feature["label"].lower() for feature in found["features"])
    ui.note(f"K-Means on: {labels}. Counts and money in logs, all scaled to the same spread.")
    table = pd.DataFrame(found["groups"])
    group_table(
        table,
        key="cluster_table",
        name="Group",
        more={
            "stability": st.column_config.TextColumn(
                "Stability",
                help="How much of the group comes again when customers are drawn anew: stable from 75 %, doubtful below"
                " 60 % (mean Jaccard index of bootstrap resamples).",
            )
        },
    )
    left, right = st.columns([3, 2])
    with left:
        for group in found["groups"]:
            with st.container(border=True):
                st.markdown(f"**{escape_markdown(group['group'])}** · {count(group['customers'])} customers")
                st.write(escape_markdown(group["words"], 600))
                st.caption(
                    f"{group['stability']}: {percent(group['jaccard'])} of it comes again in resamples"
                )
    with right, st.container(border=True):
        st.subheader("How many groups", anchor=False)
        ui.chart(
            charts.silhouettes(found["silhouettes"], found["k"]),
            "Silhouette by number of groups",
            key="silhouettes",
        )


def risk_and_value() -> None:
    """Nine fields and what they ask for."""
    told = results.segments
    if told is None:
        ui.note(OLDER.format("fields of risk and value"))
        return
    measure = st.segmented_control(
        "Show",
        list(GRID_MEASURES),
        format_func=GRID_MEASURES.__getitem__,
        default="customers",
        required=True,
        key="grid_measure",
    )
    with st.container(border=True):
        ui.chart(
            charts.grid_chart(told["grid"], measure, currency), "Risk tier against value", key="grid_chart"
        )
    st.caption(
        "High value: the fifth of customers with the highest value if kept; middle: the next three tenths; low: the other"
        " half."
    )
    st.dataframe(
        pd.DataFrame(told["grid"]),
        hide_index=True,
        key="grid_table",
        alt="Risk tier against value, with what to do",
        column_config={
            "tier": "Risk",
            "value": "Value",
            "customers": number("Customers", format="localized"),
            "share": number("Share", format="percent"),
            "mean_p_churn": number("Churn probability", format="percent", help=ui.term("p_churn")),
            "expected_leavers": number("Expected to leave", format="%.0f"),
            "clv": number("Value of a year", format="accounting", help=ui.term("clv")),
            "value_at_risk": number("Value at risk", format="accounting", help=ui.term("value_at_risk")),
            "value_from": number("Value if kept from", format="accounting", help=ui.term("clv_if_kept")),
            "advice": st.column_config.TextColumn("What to do", width="large"),
        },
    )


def comparison() -> None:
    """Any two groups, figure by figure."""
    customers = groups_of(*run, bands, results, view)
    known = [by for by in GROUPINGS if by in customers.columns and len(group_names(customers, by)) > 1]
    if not known:
        ui.note("All customers are in one group, so there is nothing to compare.")
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
        ui.show_error(error)
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
        ui.chart(
            charts.comparison(table, first, second),
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
            "mean_a": number(f"Mean, {first}", format="%.2f"),
            "mean_b": number(f"Mean, {second}", format="%.2f"),
            "median_a": number(f"Median, {first}", format="%.2f"),
            "median_b": number(f"Median, {second}", format="%.2f"),
            "p_above": number(
                "First above second", format="percent", help="Share of pairs; 50 % is no difference."
            ),
            "p_holm": number("p, corrected", format="%.4f"),
            "test": "Test",
        },
    )


ui.title(
    "Segments", f"The customers of {day(results.cutoff)} in groups: what they are worth, and where they move."
)
if bands is not None:
    st.info(
        "Segments are drawn by your own limits here; lists and reports keep the shop's fifths.",
        icon=":material/straighten:",
    )
DRAW = (rfm_segments, moves, found_groups, risk_and_value, comparison)
for tab, draw in zip(st.tabs(TABS, key="segments_tab", on_change="rerun"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw()
ui.definitions("segment", "p_churn", "clv", "value_at_risk", "clv_if_kept")
