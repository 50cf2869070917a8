"""Cohort triangles: cells by month, and the curves they make."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure
from churnkit.text.figures import count, month, percent, short_money

_FADE = [[0.0, "rgba(43,122,140,0.05)"], [1.0, COLOURS[0]]]
_MAX_TEXTS = 400
_CURVES = 6


def _write(kind: str, currency: str | None, value: float) -> str:
    if value != value:
        return ""
    if kind == "share":
        return percent(value)
    return short_money(value, currency) if kind == "money" else count(value)


def triangle_chart(
    table: pd.DataFrame, kind: str, label: str, sizes: pd.Series, currency: str | None
) -> go.Figure:
    """Cohorts by months since the first purchase; months that are not over are empty.

    Parameters
    ----------
    table
        What ``cohorts.triangle`` returns.
    kind
        How the figures are written: share, count or money.
    sizes
        Customers of each cohort, by its month.
    """
    texts = [[_write(kind, currency, value) for value in row] for row in table.to_numpy(dtype=float)]
    # The first month is 100 % by definition and would take all the colour.
    shown = table.iloc[:, 1:] if kind == "share" else table
    top = shown.max().max()
    result = figure(height=100 + 26 * len(table), x_title="months after the first purchase")
    result.add_heatmap(
        x=[str(age) for age in table.columns],
        y=[f"{month(cohort)} · {count(sizes[cohort])}" for cohort in table.index],
        z=table,
        zmin=0.0,
        zmax=float(top) if top == top and top > 0 else 1.0,
        text=texts,
        texttemplate="%{text}" if table.size <= _MAX_TEXTS else None,
        hovertemplate=f"%{{y}} customers, month %{{x}}<br>{label}: %{{text}}<extra></extra>",
        hoverongaps=False,
        colorscale=_FADE,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    result.update_xaxes(type="category", side="top", showgrid=False)
    result.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return result


def curves_chart(
    table: pd.DataFrame, average: pd.Series | None, kind: str, label: str, currency: str | None
) -> go.Figure:
    """The last cohorts one by one, and all of them together where an average makes sense."""
    result = figure(
        height=340,
        x_title="months after the first purchase",
        y_title=label,
        y_percent=kind == "share",
        legend=True,
    )
    recent = table[table.notna().sum(axis=1) > 1].tail(_CURVES)
    for place, (cohort, values) in enumerate(recent.iterrows()):
        known = values.dropna()
        result.add_scatter(
            x=known.index,
            y=known,
            mode="lines",
            name=month(str(cohort)),
            line={"color": COLOURS[(place + 1) % len(COLOURS)], "width": 1.5},
            text=[_write(kind, currency, value) for value in known],
            hovertemplate=f"{month(str(cohort))}, month %{{x}}: %{{text}}<extra></extra>",
        )
    if average is not None:
        result.add_scatter(
            x=average.index,
            y=average,
            mode="lines+markers",
            name="all cohorts",
            line={"color": COLOURS[0], "width": 4},
            text=[_write(kind, currency, value) for value in average],
            hovertemplate="all cohorts, month %{x}: %{text}<extra></extra>",
        )
    result.update_yaxes(rangemode="tozero", gridcolor="rgba(140,152,158,0.25)", zerolinecolor=QUIET)
    return result
