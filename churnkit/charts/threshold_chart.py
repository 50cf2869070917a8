"""The gaps between purchases, and what a churn threshold makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure, money_title
from churnkit.results.look_facts import MonthTotal
from churnkit.results.profile import GapBar, Threshold
from churnkit.text.figures import percent
from churnkit.text.hover import hover


def return_curve(threshold: Threshold, days: int) -> go.Figure:
    """Who buys again within so many days, who does after so many days of silence, and the chosen threshold."""
    points = threshold.curve
    later = [point for point in points if point.late_return_share is not None]
    result = figure(height=300, x_title="days after a purchase", y_percent=True, legend=bool(later))
    result.add_scatter(
        x=[point.days for point in points],
        y=[point.returned_share for point in points],
        name="bought again by then",
        mode="lines",
        line={"color": COLOURS[0], "width": 3},
        hovertemplate=hover("bought again within %{x} days: %{y:share}<extra></extra>"),
    )
    if later:
        result.add_scatter(
            x=[point.days for point in later],
            y=[point.late_return_share for point in later],
            name="still silent, but came back later",
            mode="lines",
            line={"color": COLOURS[2], "width": 3},
            hovertemplate=hover("silent for %{x} days, came back later: %{y:share}<extra></extra>"),
        )
    if threshold.max_return_share is not None:
        most = threshold.max_return_share
        result.add_hline(y=most, line={"color": QUIET, "dash": "dot"})
        result.add_annotation(
            x=1,
            xref="paper",
            y=most,
            text=f"at most {percent(most)}",
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
        )
    result.add_vline(x=days, line={"color": COLOURS[1], "width": 2})
    result.add_annotation(
        x=days, y=0.45, yref="paper", text=f"threshold {days}", showarrow=False, xanchor="left", xshift=4
    )
    return result


def gap_histogram(histogram: Sequence[GapBar]) -> go.Figure:
    """Gaps between purchases that did end, by length."""
    result = figure(height=300, x_title="days between two purchases", y_title="share of gaps", y_percent=True)
    result.add_bar(
        x=[_span(row) for row in histogram],
        y=[row.share for row in histogram],
        customdata=[row.gaps for row in histogram],
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x} days: %{customdata:count} gaps, %{y:share}<extra></extra>"),
    )
    result.update_xaxes(type="category")
    return result


def _span(row: GapBar) -> str:
    return f"{row.from_days}–{row.to_days}" if row.to_days is not None else f"{row.from_days}+"


def monthly_totals(months: Sequence[MonthTotal], currency: str | None) -> go.Figure:
    """Net amount by month."""
    result = figure(height=260, y_title=money_title("amount", currency))
    result.add_bar(
        x=[row.month for row in months],
        y=[row.amount for row in months],
        customdata=[row.orders for row in months],
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x}: %{y:money}, %{customdata:count} orders<extra></extra>", currency),
    )
    result.update_xaxes(type="category")
    return result
