"""What the champion does with the features."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, LOWERS, QUIET, RAISES, figure, wrapped
from churnkit.results.evidence.feature_use import (
    FeatureKind,
    FeaturePoints,
    FeatureWeight,
    RankedPoints,
    ResponseCurve,
    ShuffleLoss,
)
from churnkit.text.figures import percent, significant
from churnkit.text.hover import hover

_LOW_TO_HIGH = [[0.0, LOWERS], [0.5, "#B9B3A9"], [1.0, RAISES]]
# Multiples of it spread evenly over 0..1 in any number: points of a row are set apart without chance.
_GOLDEN = 0.6180339887498949


def importance(rows: Sequence[FeatureWeight]) -> go.Figure:
    """Mean size of the push of each feature, the direction by colour."""
    colours = {"raises risk": RAISES, "lowers risk": LOWERS}
    result = figure(height=60 + 34 * len(rows), x_title="mean push, in log-odds")
    result.add_bar(
        orientation="h",
        y=[wrapped(row.label) for row in rows],
        x=[row.mean_absolute_log_odds for row in rows],
        customdata=[[percent(row.share), _direction(row.direction)] for row in rows],
        marker={"color": [colours.get(row.direction, QUIET) for row in rows]},
        hovertemplate="%{y}: %{customdata[0]} of all pushes; %{customdata[1]}<extra></extra>",
    )
    result.update_yaxes(autorange="reversed")
    return result


def _direction(word: str) -> str:
    return {
        "raises risk": "higher values go with leaving",
        "lowers risk": "higher values go with staying",
    }.get(word, "no one direction")


def shap_summary(features: Sequence[RankedPoints]) -> go.Figure:
    """Each point a customer: where it lies is the push, its colour how high the customer's value is in the shop."""
    result = figure(
        height=60 + 40 * len(features), x_title="push in log-odds: right raises risk, left lowers it"
    )
    for position, one in enumerate(features):
        result.add_scatter(
            x=one.push,
            y=[position + 0.6 * ((k * _GOLDEN) % 1 - 0.5) for k in range(len(one.push))],
            mode="markers",
            marker={
                "size": 5,
                "opacity": 0.75,
                "color": [0.5 if rank is None else rank for rank in one.rank],
                "colorscale": _LOW_TO_HIGH,
                "cmin": 0,
                "cmax": 1,
                "showscale": position == 0,
                "colorbar": {
                    "title": "value",
                    "tickvals": [0, 1],
                    "ticktext": ["low", "high"],
                    "thickness": 10,
                    "lenmode": "pixels",
                    "len": 120,
                },
            },
            customdata=[_short(value, one.kind) for value in one.x],
            name=one.label,
            hovertemplate=hover(one.label + " %{customdata}: %{x:signed}<extra></extra>"),
        )
    result.update_yaxes(
        tickvals=list(range(len(features))),
        ticktext=[wrapped(one.label) for one in features],
        autorange="reversed",
    )
    result.add_vline(x=0, line={"color": QUIET, "width": 1})
    return result


def _short(value: float | None, kind: FeatureKind) -> str:
    if value is None:
        return "unknown"
    return percent(value) if kind in ("share", "category") else significant(value, 4)


def dependence(one: FeaturePoints) -> go.Figure:
    """Push of one feature by its value, each point a customer."""
    points = [(value, push) for value, push in zip(one.x, one.push, strict=True) if value is not None]
    result = figure(
        height=340,
        x_title=_value_title(one),
        y_title="push in log-odds",
        x_percent=one.kind in ("share", "category"),
    )
    result.add_scatter(
        x=[value for value, _push in points],
        y=[push for _value, push in points],
        mode="markers",
        marker={"size": 6, "opacity": 0.6, "color": COLOURS[0]},
        hovertemplate=hover("%{x}: %{y:signed}<extra></extra>"),
    )
    result.add_hline(y=0, line={"color": QUIET, "width": 1})
    return result


def partial_dependence(one: ResponseCurve) -> go.Figure:
    """Mean probability if all customers had the same value of a feature."""
    is_category = one.kind == "category"
    result = figure(
        height=340,
        x_title=one.label,
        y_title="mean churn probability",
        x_percent=one.kind == "share",
        y_percent=True,
    )
    result.add_scatter(
        x=[_as_text(name) for name in one.grid] if is_category else one.grid,
        y=one.mean_p_churn,
        mode="markers" if is_category else "lines+markers",
        line={"color": COLOURS[0], "width": 3},
        marker={"size": 7},
        hovertemplate=hover("%{x}: %{y:share}<extra></extra>"),
    )
    if is_category:
        result.update_xaxes(type="category")
    return result


def _as_text(name: object, limit: int = 40) -> str:
    """A name out of the shop's file, on one line: Plotly would read tags in it."""
    line = " ".join(str(name)[: 4 * limit].split())
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _value_title(one: FeaturePoints) -> str:
    return f"{one.label}: churn rate of its buyers" if one.kind == "category" else one.label


def permutation(rows: Sequence[ShuffleLoss]) -> go.Figure:
    """By how much the forecasts of the test window get worse when a feature is shuffled."""
    result = figure(height=60 + 34 * len(rows), x_title="increase of the log loss when shuffled")
    result.add_bar(
        orientation="h",
        y=[wrapped(row.label) for row in rows],
        x=[row.loss_increase for row in rows],
        error_x={"type": "data", "array": [row.sd for row in rows], "color": QUIET},
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{y}: %{x:loss}<extra></extra>"),
    )
    result.update_yaxes(autorange="reversed")
    return result
