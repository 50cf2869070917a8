"""Who the customers are in groups: RFM segments and where they move, found groups, risk against value, any two compared."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.charts import segment_charts as charts
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import GroupPanel
from churnkit.results.rows import frame_of
from churnkit.results.segments import CustomerFilter, FoundGroup, FoundGroups, RiskValueField
from churnkit.segments import NOT_YET, SEGMENTS, RfmBands
from churnkit.services.decide.group_panels import found_group_panels, segment_panels
from churnkit.services.decide.panel_source import panel_source
from churnkit.services.decide.segment_views import (
    Rfm,
    grouped_customers,
    rfm,
    saved_bands,
    scored_map,
)
from churnkit.text.figures import day, escape_markdown, percent
from churnkit.ui.group_comparison import compare_groups
from churnkit.ui.group_panel import group_panel
from churnkit.ui.group_table import group_table
from churnkit.ui.rfm_bands import edit_bands
from churnkit.ui.rfm_map import show_rfm_map
from churnkit.ui.tier_rules import rule_segments

TABS = ("Segments", "Movement", "Found groups", "Rules", "Risk and value", "Compare")
GRID_MEASURES: dict[charts.GridMeasure, str] = {"customers": "customers", "value_at_risk": "value at risk"}
OLDER = "This analysis was made before there were {}. Start it again to get them."

opened = ui.open_results()
results, currency = opened.results, opened.currency
store, session_id = opened.workspace.store, opened.session.session_id


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


@st.cache_resource(max_entries=8, show_spinner=False)
def map_of(folder: str, stamp: int, bands: RfmBands | None, _results: Results) -> pd.DataFrame:
    """The run's customers by recency and frequency score, counted once for everybody who looks at it."""
    return scored_map(_results, bands)


@st.cache_resource(max_entries=8, show_spinner="Looking at each group …")
def panels_of(
    folder: str, stamp: int, by: str, bands: RfmBands | None, _results: Results, _segments: Rfm
) -> tuple[GroupPanel, ...]:
    """A panel for each group of a kind, worked out once for everybody who looks at it."""
    if by == "cluster":
        return found_group_panels(_results)
    return segment_panels(panel_source(_results), _segments.segment)


bands = saved_bands(store, session_id)
run = results.source, results.folder.stat().st_mtime_ns
view = segments_of(*run, bands, results)


def rfm_segments() -> None:
    """Counts, value and risk by segment; the bands."""
    ui.note(
        "Ten groups by three things about each customer, called RFM: how recently they bought, how frequently, and for how"
        " much money. Each is scored from 1 to 5 by fifths of your own customers; 5 is best."
    )
    groups = view.groups.assign(about=view.groups["group"].map(SEGMENTS))
    with st.container(border=True):
        ui.chart(
            charts.group_shares(view.groups),
            charts.alt_of_shares(view.groups),
            key="segment_shares",
        )
    with st.container(border=True):
        show_rfm_map(map_of(*run, bands, results), currency, own_limits=bands is not None)
    picked = group_table(groups, key="segment_table", name="Segment", currency=currency, clickable=True)
    ui.note("Click a row to see the segment in detail below: what drives it, what could be kept, what to do.")
    group_panel(
        panels_of(*run, "segment", bands, results, view),
        groups["group"].iloc[picked[0]] if picked else None,
        currency,
        lambda name: None if bands is not None else CustomerFilter(segments=(name,)),
        key="segment",
    )
    edit_bands(store, session_id, view.bands, edited=bands is not None)


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
            charts.alt_of_flows(view.flows, before, now),
            key="flow_chart",
        )
    ui.table(
        view.flows,
        (
            "from_segment",
            "to_segment",
            "customers",
            "share_of_from",
            "spend_between",
            "flow.clv",
            "flow.value_at_risk",
        ),
        height=320,
        key="flow_table",
        alt="Flows between segments, largest first",
        currency=currency,
    )


def found_groups() -> None:
    """K-Means: groups, how sharp, how stable."""
    if results.segments is None:
        ui.note(OLDER.format("found groups"))
        return
    match results.segments.clusters:
        case Missing(reason):
            ui.note(reason)
        case Found(found):
            groups_found(found)


def groups_found(found: FoundGroups) -> None:
    """The division, its groups in words and figures, and the divisions that were less sharp."""
    if ui.is_expert():
        st.write(escape_markdown(found.words, 800))
    else:
        tried = [one.k for one in found.silhouettes]
        st.write(
            f"{found.k} groups are the sharpest division of {min(tried)} to {max(tried)} that were tried."
        )
    labels = ", ".join(feature.label.lower() for feature in found.features)
    if ui.is_expert():
        ui.note(f"K-Means on: {labels}. Counts and money in logs, all scaled to the same spread.")
    else:
        ui.note(f"Customers who are alike in: {labels}.")
    groups = frame_of(FoundGroup, found.groups)
    picked = group_table(groups, key="cluster_table", name="Group", currency=currency, clickable=True)
    group_panel(
        panels_of(*run, "cluster", None, results, view),
        groups["group"].iloc[picked[0]] if picked else None,
        currency,
        lambda name: CustomerFilter(found_groups=(name,)),
        key="cluster",
    )
    if not ui.is_expert():
        return
    with st.expander(
        "How many groups, and how sure that they would come again", icon=":material/scatter_plot:"
    ):
        for group in found.groups:
            st.markdown(
                f"- **{escape_markdown(group.group)}** – {group.stability}: {percent(group.jaccard)} of it comes again in"
                " resamples"
            )
        ui.chart(
            charts.silhouettes(found.silhouettes, found.k),
            f"Silhouette by number of groups; {found.k} groups are the sharpest division",
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
        bind="query-params",
    )
    with st.container(border=True):
        ui.chart(
            charts.grid_chart(told.grid, measure, currency),
            charts.alt_of_grid(told.grid, measure, currency),
            key="grid_chart",
        )
    st.caption(
        "High value: the fifth of customers with the highest value if kept; middle: the next three tenths; low: the other"
        " half."
    )
    ui.table(
        frame_of(RiskValueField, told.grid),
        (
            "tier",
            "group.value",
            "customers",
            "share",
            "mean_p_churn",
            "expected_leavers",
            "clv",
            "value_at_risk",
            "value_from",
            "group.advice",
        ),
        key="grid_table",
        alt="Risk tier against value, with what to do",
        currency=currency,
    )


def comparison() -> None:
    """Any two groups."""
    compare_groups(
        groups_of(*run, bands, results, view),
        currency,
        lambda by: (
            panels_of(*run, by, bands if by == "segment" else None, results, view)
            if by in ("segment", "cluster")
            else ()
        ),
    )


ui.title(
    "Groups", f"The customers of {day(results.cutoff)} in groups: what they are worth, and where they move."
)
ui.as_of(opened)
ui.money_strip(results.summary.money, currency)
if bands is not None:
    st.info(
        "Segments are drawn by your own limits here; lists and reports keep the shop's fifths.",
        icon=":material/straighten:",
    )
DRAW: tuple[Callable[[], None], ...] = (
    rfm_segments,
    moves,
    found_groups,
    partial(rule_segments, opened),
    risk_and_value,
    comparison,
)
for tab, draw in zip(st.tabs(TABS, key="segments_tab", bind="query-params"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw()
ui.definitions("segment", "p_churn", "clv", "value_at_risk", "clv_if_kept")
