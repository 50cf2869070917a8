"""Risk tiers and the outlook."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, TIER_COLOURS, figure, money_title, months_below
from churnkit.results.evidence.months_ahead import MonthAhead
from churnkit.results.evidence.standing_now import TierFigures
from churnkit.results.loss_path import MonthLost
from churnkit.text.figures import count, month, percent
from churnkit.text.hover import hover


def tier_ring(tiers: Sequence[TierFigures]) -> go.Figure:
    """Customers by risk tier."""
    result = figure(height=260)
    result.add_pie(
        labels=[row.tier for row in tiers],
        values=[row.customers for row in tiers],
        marker={
            "colors": [TIER_COLOURS[row.tier] for row in tiers],
            "line": {"color": "rgba(0,0,0,0)", "width": 2},
        },
        text=[f"{row.tier}<br>{percent(row.share)}" for row in tiers],
        textinfo="text",
        textposition="outside",
        # Two names beside each other where a tier is thin: neither is cut off at the edge.
        automargin=True,
        hole=0.62,
        sort=False,
        direction="clockwise",
        hovertemplate=hover("%{label} risk: %{value:count} customers<extra></extra>"),
    )
    total = sum(row.customers for row in tiers)
    result.add_annotation(text=f"<b>{count(total)}</b><br>customers", showarrow=False, font={"size": 15})
    result.update_layout(margin={"l": 12, "r": 12, "t": 40, "b": 24})
    return result


def tier_values(tiers: Sequence[TierFigures], currency: str | None) -> go.Figure:
    """Value of a year by tier, the part at risk in front."""
    result = figure(height=260, y_title=money_title("amount", currency), legend=True)
    names = [row.tier for row in tiers]
    result.add_bar(
        x=names,
        y=[row.clv for row in tiers],
        name="expected value of a year",
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x}: %{y:sum} expected<extra></extra>", currency),
    )
    result.add_bar(
        x=names,
        y=[row.value_at_risk for row in tiers],
        name="at risk",
        marker={"color": COLOURS[1]},
        hovertemplate=hover("%{x}: %{y:sum} at risk<extra></extra>", currency),
    )
    result.update_layout(barmode="group")
    return result


def outlook(months: Sequence[MonthAhead], currency: str | None) -> go.Figure:
    """Revenue of today's customers by month, without action with its interval, and with the recommended one."""
    names = [month(one.month) for one in months]
    result = figure(height=300, y_title=money_title("revenue", currency), legend=True)
    result.add_scatter(
        x=[*names, *reversed(names)],
        y=[*(one.revenue_high for one in months), *(one.revenue_low for one in reversed(months))],
        mode="lines",
        fill="toself",
        fillcolor="rgba(140,152,158,0.20)",
        line={"width": 0},
        name="80 % interval",
        hoverinfo="skip",
    )
    return _both_ways(
        result, months, [one.revenue for one in months], [one.revenue_with_action for one in months], currency
    )


def active_customers(months: Sequence[MonthAhead]) -> go.Figure:
    """Active customers by month."""
    result = figure(height=300, y_title="customers who still buy", legend=True)
    result.update_yaxes(rangemode="tozero")
    return _both_ways(
        result, months, [one.active_customers for one in months], [one.active_with_action for one in months]
    )


def churn_path(months: Sequence[MonthLost]) -> go.Figure:
    """By how much the active become fewer in each month, and how many of them are gone by its end."""
    result = figure(height=300, y_percent=True, legend=True)
    names = [month(one.month) for one in months]
    result.add_bar(
        x=names,
        y=[one.churn_rate for one in months],
        name="churn rate of the month",
        marker={"color": COLOURS[2]},
        hovertemplate=hover("%{x}: %{y:share} fewer<extra></extra>"),
    )
    result.add_scatter(
        x=names,
        y=[one.left_share for one in months],
        mode="lines+markers",
        name="gone by its end",
        line={"color": COLOURS[1], "width": 3},
        hovertemplate=hover("%{x}: %{y:share} of today's active are gone<extra></extra>"),
    )
    months_below(result, names)
    result.update_yaxes(rangemode="tozero")
    return result


def cumulative_loss(months: Sequence[MonthLost], currency: str | None) -> go.Figure:
    """What is lost with those who leave, from today to the end of each month, with its interval."""
    result = figure(height=300, y_title=money_title("lost so far", currency), legend=True)
    names = [month(one.month) for one in months]
    if all(math.isfinite(one.cumulative_low) for one in months):
        result.add_scatter(
            x=[*names, *reversed(names)],
            y=[*(one.cumulative_high for one in months), *(one.cumulative_low for one in reversed(months))],
            mode="lines",
            fill="toself",
            fillcolor="rgba(201,87,60,0.15)",
            line={"width": 0},
            name="80 % interval",
            hoverinfo="skip",
        )
    result.add_scatter(
        x=names,
        y=[one.cumulative for one in months],
        mode="lines+markers",
        name="lost so far",
        line={"color": COLOURS[1], "width": 3},
        hovertemplate=hover("until the end of %{x}: %{y:sum}<extra></extra>", currency),
    )
    months_below(result, names)
    result.update_yaxes(rangemode="tozero")
    return result


def _both_ways(
    result: go.Figure,
    months: Sequence[MonthAhead],
    without: Sequence[float],
    acted: Sequence[float],
    currency: str | None = None,
) -> go.Figure:
    """The months' figures without action and with the recommended one."""
    names = [month(one.month) for one in months]
    for values, name, line in (
        (without, "without action", {"color": QUIET, "width": 3}),
        (acted, "with the recommended action", {"color": COLOURS[0], "width": 3, "dash": "dash"}),
    ):
        result.add_scatter(
            x=names,
            y=values,
            mode="lines+markers",
            name=name,
            line=line,
            hovertemplate=hover("%{x}: %{y:sum}<extra>" + name + "</extra>", currency),
        )
    months_below(result, names)
    return result
